namespace Functional;

/// <summary>Shapes, axes or indices that do not fit an operation. The message names the operation, what was given, what was expected.</summary>
/// <param name="message">The operation, what was given, what was expected, and what to do.</param>
public sealed class ShapeException(string message) : ArgumentException(message);

/// <summary>An element type that an operation does not take.</summary>
/// <param name="message">The operation, what was given, what was expected, and what to do.</param>
public sealed class DTypeException(string message) : ArgumentException(message);

/// <summary>A traced tensor used where no value is known, or after its trace has ended.</summary>
/// <param name="message">The operation, what was given, what was expected, and what to do.</param>
public sealed class TraceException(string message) : InvalidOperationException(message);

/// <summary>A derivative asked for where there is none: an integer argument, an operation without a rule.</summary>
/// <param name="message">The operation, what was given, what was expected, and what to do.</param>
public sealed class NotDifferentiableException(string message) : InvalidOperationException(message);

/// <summary>A tensor read after its memory was donated to a compiled function, whose result is there now.</summary>
/// <param name="message">The tensor, what became of it, and what to do.</param>
public sealed class DonatedException(string message) : InvalidOperationException(message);
