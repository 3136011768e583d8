"""What sending a task back costs, against completing one."""

from engine import CompleteUserTask, Engine, ReturnTargets, SendBack, StartInstance
from workers.rehearsal.bench_courses import AGENT, Spent, bench_answers, open_task


def send_back_ratio(engine: Engine, process: str, cases: int) -> float:
    """Give CPU per return over CPU per completion, of the same cases in the same moment."""
    done, back = Spent(per=cases), Spent(per=cases)
    actor, said = bench_answers(7)[1]
    numbers = [engine.execute(StartInstance(process, AGENT)).number for _ in range(cases)]
    tasks = [open_task(engine, number) for number in numbers]
    with done.timed():
        for task in tasks:
            engine.execute(CompleteUserTask(task, actor, said))
    commands = []
    for number in numbers:
        task = open_task(engine, number)
        (target,) = engine.ask(ReturnTargets(task), AGENT)
        commands.append(SendBack(task, AGENT, target.task_id, "附件不全"))
    with back.timed():
        for command in commands:
            engine.execute(command)
    return back.each / done.each
