namespace Functional;

/// <summary>How a Jacobian is built.</summary>
public enum JacobianMode
{
    /// <summary>
    /// Whichever takes the fewest counted passes: forward, reverse, either or both with passes that are shared by colour, or split
    /// where few values lie between; forward where they are equal. Where there is little work, forward or reverse by number.
    /// </summary>
    Auto,

    /// <summary>A column for each element of the argument: n pushforwards, as one batch.</summary>
    Forward,

    /// <summary>A row for each element of the result: m pullbacks, as one batch.</summary>
    Reverse,
}
