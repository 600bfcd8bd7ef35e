"""Dear ImGui over the picture: panda3d-imgui, fitted to ursina's axes and to quiet frames.

panda3d-imgui rebuilds its geometry every frame. A panel changes a few times a second, so this
layer takes its two tasks out of the task list and runs them only when asked; in between the
last geometry is simply drawn again.
"""

from __future__ import annotations

from imgui_bundle import imgui, implot
from p3dimgui import ImGuiBackend
from panda3d.core import ButtonThrower, LMatrix4f, NodePath

OFF_SCREEN = -1e6
MODIFIERS = ("control", "shift", "alt", "meta")


class ImguiLayer:
    """An ImGui context of `size` pixels that draws over everything else.

    On screen, buttons and keys reach ImGui through the window's own events; the pointer is
    told by `point`. One layer at a time.
    """

    def __init__(self, base, size: tuple[int, int]):
        if not base.buttonThrowers:
            base.buttonThrowers = [NodePath(ButtonThrower("no input"))]
        self._root = base.render2d.attach_new_node("imgui")
        self._root.set_bin("unsorted", 0)
        self._backend = ImGuiBackend(None, self._root)
        self._plots = implot.create_context()
        # The backend must not read the pointer itself: offscreen there is none.
        self._backend.window = None
        self._task = base.taskMgr.getTasksNamed("imgui-new-frame")[0]
        self._new_frame = self._task.getFunction()
        self._render_frame = base.taskMgr.getTasksNamed("imgui-render-frame")[0].getFunction()
        base.taskMgr.remove("imgui-new-frame")
        base.taskMgr.remove("imgui-render-frame")
        # ImGui knows a chord by what is held at a frame's end: a control character would part its keys over
        # frames, and where frames are slow, its modifier would be let go in the frame in which its key comes.
        typed, self._button = self._backend._ImGuiBackend__onKeystroke, self._backend._ImGuiBackend__onButton
        self._let_go: list[str] = []
        self._backend.accept("keystroke", lambda letters: letters.isprintable() and typed(letters))
        self._backend.accept("buttonUp", self._up)
        self.io = self._backend.io
        self.io.set_ini_filename("")
        self.io.set_log_filename("")
        self.resize(size)
        self.point(None)

    def resize(self, size: tuple[int, int]) -> None:
        """Fit to a picture of `size` pixels."""
        width, height = size
        self._root.set_mat(LMatrix4f(2 / width, 0, 0, 0, 0, 0, 1, 0,
                                     0, 2 / height, 0, 0, -1, 1, 0, 1))
        self.io.display_size = (width, height)

    def point(self, position: tuple[float, float] | None) -> None:
        """The pointer's pixel, or None when it is not over the picture."""
        self.io.add_mouse_pos_event(*(position or (OFF_SCREEN, OFF_SCREEN)))

    def begin(self) -> None:
        """Start describing a frame of panels."""
        self._new_frame(self._task)
        let_go, self._let_go = self._let_go, []
        for name in let_go:
            self._button(name, False)

    def _up(self, name: str) -> None:
        if name.endswith(MODIFIERS):
            self._let_go.append(name)
        else:
            self._button(name, False)

    def end(self) -> None:
        """Turn what was described into the geometry that is drawn from now on."""
        self._render_frame(self._task)

    def show(self, visible: bool) -> None:
        """Draw the panels or leave them out."""
        if visible:
            self._root.show()
        else:
            self._root.hide()

    @property
    def wants_mouse(self) -> bool:
        """Whether ImGui keeps the pointer to itself."""
        return bool(self.io.want_capture_mouse)

    def close(self) -> None:
        """Forget the context."""
        self._backend.ignoreAll()
        implot.destroy_context(self._plots)
        self._backend.cleanup()
        self._root.remove_node()


def vec(x: float, y: float) -> imgui.ImVec2:
    """A point or a size."""
    return imgui.ImVec2(x, y)
