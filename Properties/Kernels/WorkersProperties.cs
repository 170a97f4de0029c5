using Functional.Kernels;
using Xunit;

namespace Functional.Properties.Kernels;

/// <summary>Work shared among threads is done once, by so many workers, and fails as it would on one.</summary>
public class WorkersProperties
{
    [Fact]
    public void Every_task_is_run_once_by_one_of_so_many_workers()
    {
        for (var tasks = 0; tasks < 200; tasks++)
        {
            var times = new int[tasks];
            Workers.Share(3, tasks, (worker, task) =>
            {
                Assert.InRange(worker, 0, 2);
                Interlocked.Increment(ref times[task]);
            });
            Assert.All(times, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void What_the_first_failing_task_throws_is_thrown_for_any_number_of_workers()
    {
        for (var round = 0; round < 300; round++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => Workers.Share(1 + (round % 4), 50, (_, task) =>
            {
                if (task > 17 && task % 6 == 0) throw new InvalidOperationException($"task {task}");
            }));
            Assert.Equal("task 18", thrown.Message);
        }
    }

    [Fact]
    public void Work_within_work_and_work_of_other_threads_is_done_too()
    {
        var done = 0;
        Parallel.For(0, 8, _ =>
        {
            for (var call = 0; call < 200; call++)
                Workers.Share(4, 5, (_, _) => Workers.Share(4, 3, (_, _) => Interlocked.Increment(ref done)));
        });
        Assert.Equal(8 * 200 * 5 * 3, done);
    }

    [Fact]
    public void Threads_that_went_to_sleep_are_woken()
    {
        for (var round = 0; round < 20; round++)
        {
            Thread.Sleep(2);
            var done = 0;
            Workers.Share(4, 40, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(40, done);
        }
    }
}
