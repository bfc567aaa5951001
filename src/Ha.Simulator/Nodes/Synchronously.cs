namespace Ha.Simulator.Nodes;

/// <summary>In the simulation nothing waits, so every task has ended when it is returned; one that has not would make a run unrepeatable.</summary>
internal static class Synchronously
{
    /// <summary>The result of an ended task.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public static T Result<T>(Task<T> task)
    {
        Ended(task);
        return task.Result;
    }

    /// <summary>Demands that a task has ended, and lets its failure through.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public static void Ended(Task task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("a call did not complete synchronously: in the simulation nothing may wait");
        task.GetAwaiter().GetResult();
    }
}
