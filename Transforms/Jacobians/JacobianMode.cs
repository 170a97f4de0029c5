namespace Functional;

/// <summary>How a Jacobian is built.</summary>
public enum JacobianMode
{
    /// <summary>Whichever takes the fewer passes; forward where they are equal.</summary>
    Auto,

    /// <summary>A column for each element of the argument: n pushforwards, as one batch.</summary>
    Forward,

    /// <summary>A row for each element of the result: m pullbacks, as one batch.</summary>
    Reverse,
}
