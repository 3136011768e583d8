"""What has happened to a case, as moves of the token game: sending back leaves a move out and plays the rest again."""

from collections.abc import Callable, Collection
from typing import Any

from tests.support import leaps
from tests.support.blocks import Signers, blocks_in
from tests.support.diagrams import FIRE, PEOPLE, Game, Open
from tests.support.scopes import Called, Reminded

RECORD = {"people": PEOPLE, "number_": 0, "again": False}
Move = tuple[int, Open, dict[str, Any]]
REARM, ADD, DROP, STRAIGHT, JUMP, MENDED = "rearm", "add", "drop", "straight", "jump", "mended"
"""Moves besides completing: reminders of a step that was sent back come anew; one more signs, one less; a step is to be done
again alone; the token goes elsewhere; the start form is filled in once more."""


class Story:
    """The oracle. Sending back to a step is the same story without that step: whatever came of it cannot happen any more.

    A step that is done again alone (直达退回人) stays in the story without its answers: its place is taken for done, and the
    step that it leads back to is hidden behind it meanwhile. When it is done, its answers are a move of their own.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make, self.moves, self.count = make, list[Move](), 0
        self.decisions: dict[Any, Any] = {"move": 0}
        self.alone: dict[Open, tuple[Open, int]] = {}
        """Steps that are being done again alone: where each leads, and the move it was done by before."""
        self._play_again()

    def open(self) -> list[Open]:
        """Give the tasks that are open."""
        hidden = {to: at for at, (to, _) in self.alone.items()}
        return sorted(hidden.get(at, at) for at in self.game.open())

    def timers(self) -> list[str]:
        """Give the timers that are armed."""
        hidden = {f"{to[0]}_limit" for to, _ in self.alone.values()}
        return [name for name in self.game.timers() if name not in hidden]

    def next_moves(self) -> list[Open]:
        """Give what may happen next: a task is completed, or a timer fires whose follower is not open already."""
        open_ = self.open()
        return open_ + [(name, FIRE) for name in self.timers() if (name.replace("_limit", "_over"), "") not in open_]

    def complete(self, at: Open, answers: dict[str, Any]) -> None:
        """Complete a task, or let a timer fire."""
        self.count += 1
        turn = {"turn": turns[0]} if (turns := self._turns(at[0])) else {}
        self._play((self.count, at, {**turn, **answers}))

    def back(self, at: Open) -> None:
        """Leave out the last time a step was completed; what broke off an activity around it came of it."""
        whole = {at[0], *(block.ident for block in around(self.game.block, at[0]))}
        broken_off = {(f"{ident}_limit", FIRE) for ident in whole} | {(ident, JUMP) for ident in whole}
        self._leave_out(self.moves[self._last(at)][0], broken_off)
        self.rearm(at[0])

    def begin_again(self) -> None:
        """Forget everything: the case begins anew."""
        self.moves = []
        self._play_again()

    def mend(self, said: dict[str, Any], to: str) -> None:
        """The start form is filled in once more, and the case comes straight back to a task."""
        self.complete(("", MENDED), said)
        self.rearm(to)

    def straight(self, at: Open, to: Open) -> None:
        """A step is to be done again alone, and to lead straight back to a task."""
        last = self._last(at)
        number, _, said = self.moves[last]
        self.moves[last] = number, at, {"again_of": said["again_of"]} if "again_of" in said else {}
        self._play_again()
        self.complete((at[0], STRAIGHT), {"to": to, "of": number})

    def jumps(self) -> list[tuple[str, str]]:
        """Give the jumps whose outcome is known: from where one token stands to where that token may begin."""
        hidden = {to[0] for to, _ in self.alone.values()}
        found = list(leaps.stretches(self.game.block, self.game.record))
        at = [(leaps.place(here), stretch) for stretch, _ in found if (here := leaps.standing(stretch)) is not None]
        return [(name, to) for name, stretch in at if name not in hidden for to in leaps.goals(stretch)]

    def jump(self, at: str, to: str) -> None:
        """Take a token elsewhere; nothing is undone."""
        self.complete((at, JUMP), {"to": to})

    def add(self, block: Signers, key: str, *, next_in_turn: bool) -> None:
        """Let one more sign; in turn, directly after whose turn it is, or last."""
        behind = block.left[0] if next_in_turn and block.in_turn else None
        self.complete((block.ident, ADD), {"key": key, "behind": behind, "turn": block.turn})

    def drop(self, block: Signers, key: str) -> None:
        """Take somebody off."""
        self.complete((block.ident, DROP), {"key": key, "turn": block.turn})

    def rearm(self, ident: str) -> None:
        """A limit was moved: where its reminder has come already, it will come anew."""
        self.complete((ident, REARM), {})

    def without(self, at: Open) -> list[Open]:
        """Give what would be open if a step were left out."""
        other = Story(self.make)
        other.decisions, other.moves, other.count = dict(self.decisions), list(self.moves), self.count
        other.back(at)
        return other.open()

    def done(self) -> list[Open]:
        """Give the tasks that have been completed."""
        return sorted({at for _, at, _ in self.moves if at[1] not in (FIRE, REARM, ADD, DROP, STRAIGHT, JUMP, MENDED)})

    def _last(self, at: Open) -> int:
        """Give where in the story a step was completed last, such as is to be done again alone left out."""
        return max(n for n, (_, where, said) in enumerate(self.moves) if where == at and "number_" in said)

    def _leave_out(self, number: int, later: Collection[Open] = ()) -> None:
        """Play again without a completion, nor some kinds of moves after it; what it was done again for goes with it."""
        gone, of = {number}, {n: said["again_of"] for n, _, said in self.moves if "again_of" in said}
        while number in of:
            number = of[number]
            gone.add(number)
        stays = [m for m in self.moves if m[0] not in gone and m[2].get("of") not in gone]
        self.moves = [m for m in stays if m[0] < min(gone) or m[1] not in later]
        self._play_again()

    def _play_again(self) -> None:
        moves, self.moves = self.moves, []
        self.decisions["move"] = 0
        self.game = Game(self.make(), self.decisions)
        self.alone, self.cut = {}, set[int]()
        for move in moves:
            self._play(move)
        self._walk_again()

    def _walk_again(self) -> None:
        """Where the way straight back from a step is cut, the step goes on as drawn: its place is not taken for done."""
        cut = self.cut - {said["again_of"] for _, _, said in self.moves if "again_of" in said}
        if cut:
            self._leave_out(min(cut))

    def _play(self, move: Move) -> None:
        self.decisions["move"] = move[0]
        if self._happens(*move):
            self.moves.append(move)
            open_ = self.game.open()
            self.alone = {at: way for at, way in self.alone.items() if way[0] in open_}

    def _happens(self, number: int, at: Open, said: dict[str, Any]) -> bool:
        """Let a move happen, if it still can."""
        match at[1]:
            case "rearm":
                return self._rearmed(at[0])
            case "add" | "drop":
                return self._edit(at, said)
            case "jump":
                return not self.game.over and leaps.leap(self.game.block, self.game.record, at[0], said["to"])
            case "mended":
                self.game.record.update(said)
                return True
            case "straight":
                return self._sent_straight((at[0], ""), said)
        if "again_of" in said or at in self.alone:
            return self._done_again(number, at, said)
        if "turn" in said and said["turn"] not in self._turns(at[0]):
            return False
        if (at[1] == FIRE and at[0] in self.timers()) or at in self.open():
            self.game.complete(at, said)
            return True
        return False

    def _sent_straight(self, at: Open, said: dict[str, Any]) -> bool:
        if said["of"] not in {number for number, _, _ in self.moves}:
            return False
        if said["to"] in self.game.open():
            self.alone[at] = said["to"], said["of"]
        else:
            self.cut.add(said["of"])
        return True

    def _done_again(self, number: int, at: Open, said: dict[str, Any]) -> bool:
        """Its answers count from now on, wherever the way it leads to has gone meanwhile."""
        if at in self.alone:
            to, of = self.alone.pop(at)
            said.setdefault("again_of", of)
            self._rearmed(to[0])
        if said["again_of"] not in {earlier for earlier, _, _ in self.moves}:
            return False
        if "number_" in said:
            self._record_of(at[0]).update(number_=said["number_"], again=said["again"])
        return True

    def _record_of(self, ident: str) -> dict[str, Any]:
        """Give the record that a step's answers go to: the innermost called process has its own."""
        called = [b for b in blocks_in(self.game.block) if isinstance(b, Called) and ident in _names(b)]
        record: dict[str, Any] = called[-1].record if called else self.game.record
        return record

    def _rearmed(self, ident: str) -> bool:
        block = next((b for b in blocks_in(self.game.block) if isinstance(b, Reminded) and b.ident == ident), None)
        if block is None or not block.waits:
            return False
        block.fired = False
        return True

    def _turns(self, ident: str) -> list[Any]:
        """Give which turn of a task that several sign is on."""
        return [block.turn for block in self.game.signers() if block.ident == ident]

    def _edit(self, at: Open, said: dict[str, Any]) -> bool:
        """Add or drop a signer, if the same turn of the same task is still on."""
        found = [b for b in self.game.signers() if b.ident == at[0] and b.turn == said["turn"]]
        if not found:
            return False
        if at[1] == ADD:
            found[0].add(said["key"], said["behind"])
        else:
            self.game.drop(found[0], said["key"])
        return True


def _names(block: Any) -> set[str]:
    """Give the elements inside a block at which people have something to do, reminders left out."""
    inner = list(blocks_in(block))
    return {b.ident for b in inner} | {b.over.ident for b in inner if hasattr(b, "over")}


def around(block: Any, ident: str) -> list[Any]:
    """Give the blocks around a step, itself included; none where it is not inside. A reminder is one of the scope it ends in."""
    taking_over = [block.over] if hasattr(block, "over") else []
    if ident in {each.ident for each in (block, *taking_over, *getattr(block, "beside", ()))}:
        return [block]
    inner = [*getattr(block, "blocks", ()), *([block.inside] if hasattr(block, "inside") else ())]
    found = next((path for each in inner if (path := around(each, ident))), [])
    return [block, *found] if found else []
