"""Which reps were said for the way they went, before anything recurred."""

from dataclasses import asdict, dataclass, field
from typing import Any

from repcount.reps.seen import SeenRep, turns_at


@dataclass(slots=True)
class Opened:
    """When the reps `turned` that may be said only for the way they went, and the first ever of this set."""

    turned: list[int] = field(default_factory=list)
    first_turned: int | None = None

    def begin(self, tick: int) -> None:
        """A first rep turned."""
        self.turned, self.first_turned = [tick], tick

    def goes_on(self, tick: int) -> None:
        """One more turned that began like it."""
        self.turned.append(tick)

    def __contains__(self, rep: SeenRep) -> bool:
        return not rep.foretold and any(turns_at(rep, tick) for tick in self.turned)

    def began_with(self, rep: SeenRep) -> bool:
        """Whether it is the first of them, though it may be said for more by now."""
        return not rep.foretold and self.first_turned is not None and turns_at(rep, self.first_turned)

    def settle(self) -> None:
        """What recurs tells more, or tells that they are none."""
        self.turned = []

    def reset(self) -> None:
        """Forget everything."""
        self.turned, self.first_turned = [], None

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.turned, self.first_turned = list(state["turned"]), state["first_turned"]
