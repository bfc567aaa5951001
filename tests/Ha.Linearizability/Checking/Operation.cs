namespace Ha.Linearizability.Checking;

/// <summary>A moment of a history.</summary>
/// <param name="Order">Its place among all moments of the history; decides what came before what.</param>
/// <param name="At">When it was on the test's clock; for showing and for rules about time.</param>
public readonly record struct Moment(long Order, TimeSpan At);

/// <summary>One call and its answer, as its caller saw it.</summary>
/// <typeparam name="TCall">What was asked and answered.</typeparam>
/// <param name="Client">Who asked.</param>
/// <param name="Start">Before the call was sent.</param>
/// <param name="End">After its answer came; null: no answer, so it may take effect at any later time, or never.</param>
/// <param name="Call">What was asked and answered.</param>
public sealed record Operation<TCall>(int Client, Moment Start, Moment? End, TCall Call);
