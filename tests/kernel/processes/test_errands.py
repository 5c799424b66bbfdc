import threading

import pytest

from webapp.kernel.processes.errands import Errand


def test_an_errand_goes_on_beside_whoever_began_it():
    here, there = threading.Event(), threading.Event()

    def work(_errand: Errand[str]) -> str:
        there.set()
        assert here.wait(30)
        return threading.current_thread().name

    errand = Errand(work)
    assert there.wait(30)
    here.set()

    assert errand.result() != threading.current_thread().name


def test_what_it_asks_is_done_by_whoever_waits_for_it():
    errand = Errand(lambda lent: lent.ask(threading.current_thread))

    assert errand.result() is threading.current_thread()


def test_a_question_that_fails_fails_where_it_was_asked():
    def work(errand: Errand[str]) -> str:
        with pytest.raises(ZeroDivisionError):
            errand.ask(lambda: 1 // 0)
        return "went on"

    assert Errand(work).result() == "went on"


@pytest.mark.parametrize("fault", [ValueError("odd"), SystemExit(3)])
def test_a_fault_is_raised_where_the_errand_is_waited_for(fault: BaseException):
    def work(_errand: Errand[str]) -> str:
        raise fault

    errand = Errand(work)

    with pytest.raises(type(fault)) as raised:
        errand.result()
    assert raised.value is fault
