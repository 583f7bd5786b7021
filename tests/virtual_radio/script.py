"""The sensor's side of the conversation that a profile describes."""

from collections import defaultdict
from dataclasses import dataclass

from repcount.profile import Read, Subscribe, Unsubscribe, Wait, Write, holds
from repcount.profile.numbers import number_bytes

_ANYTHING = 1.0
"""What a sensor answers where its profile has no default: some factor or other."""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """After `written` on `characteristic` come `answers`, (characteristic, payload) each."""

    characteristic: str
    written: bytes
    answers: tuple


class Script:
    """Answers a start conversation as the profile wants it answered.

    Parameters
    ----------
    profile
        Of the sensor.
    chosen
        Parameters that whoever starts it has chosen.

    Attributes
    ----------
    values
        What the sensor was started with and answers.
    reads
        What is read, by characteristic.
    measuring
        Whether it was started, and not stopped since; without a write to start it, it always measures.
    """

    def __init__(self, profile, chosen):
        answers = [step.answer for step in profile.start if isinstance(step, Read | Wait)]
        anything = {one.name: _ANYTHING for answer in answers for one in answer.captures}
        self.values = anything | profile.chosen_values(chosen, "")
        start = [step for step in profile.start if holds(step.when, self.values)]
        self.reads = {
            step.characteristic: self._answer(step, b"") for step in start if isinstance(step, Read)
        }
        self._greetings, self._exchanges = defaultdict(list), []
        self._script(start)
        written = [step for step in start if isinstance(step, Write) and not step.may_fail]
        self._starts = self._bytes(written[-1]) if written else None
        self._stops = {self._bytes(step) for step in profile.stop if isinstance(step, Write)}
        self.measuring = self._starts is None
        self._heard, self._next = defaultdict(bytes), 0

    def _script(self, start):
        """Every wait answers the write before it; one before any write, the subscription."""
        before = None
        for step in start:
            match step:
                case Write():
                    before = step
                    self._exchanges.append(_Exchange(*self._bytes(step), ()))
                case Wait():
                    self._add_answer(before, step)
                case Subscribe() | Unsubscribe():
                    pass

    def _add_answer(self, write, wait):
        first = bytes(byte or 0 for byte in wait.starts_with.first)
        answer = (wait.characteristic, self._answer(wait, first))
        if write is None:
            self._greetings[wait.characteristic].append(answer)
        else:
            last = self._exchanges.pop()
            self._exchanges.append(_Exchange(last.characteristic, last.written, (*last.answers, answer)))

    def _bytes(self, write):
        return write.characteristic, write.payload(self.values)

    def _answer(self, step, first):
        """The shortest answer that begins so, is no refusal, and holds what is captured."""
        answer, numbers = bytearray(first), []
        if (status := step.answer.status) is not None:
            numbers.append((status.offset, number_bytes(status.good[0], status.kind, status.byte_order)))
        numbers += [
            (one.offset, number_bytes(self.values[one.name], one.kind, one.byte_order))
            for one in step.answer.captures
        ]
        for offset, told in numbers:
            answer.extend(bytes(max(0, offset + len(told) - len(answer))))
            answer[offset : offset + len(told)] = told
        return bytes(answer)

    def linked(self):
        """Somebody connected anew."""
        self._heard.clear()
        self._next = 0

    def subscribed(self, characteristic):
        """What is said to whoever subscribes."""
        return list(self._greetings[characteristic])

    def written(self, characteristic, payload):
        """What is said to whoever writes this, which may be the last piece of something longer."""
        self._heard[characteristic] += payload
        for place in [*range(self._next, len(self._exchanges)), *range(self._next)]:
            one = self._exchanges[place]
            if one.characteristic == characteristic and self._heard[characteristic].endswith(one.written):
                self._next = place + 1
                break
        else:
            one = None
        self._go_or_stop(characteristic)
        if one is None:
            return []
        self._heard[characteristic] = b""
        return list(one.answers)

    def _go_or_stop(self, characteristic):
        def heard(wanted):
            return wanted[0] == characteristic and self._heard[characteristic].endswith(wanted[1])

        if self._starts is not None and heard(self._starts):
            self.measuring = True
        elif self._starts is not None and any(heard(one) for one in self._stops):
            self.measuring = False
