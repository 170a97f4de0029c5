using Functional.Programs;

namespace Functional.Differentiation;

/// <summary>shim</summary>
internal sealed record Cotangent(Tensor Value, Option<Lazy<Tensor>> Support);

/// <summary>shim</summary>
internal interface ISupportedLinear : ILinear
{
    /// <summary>shim</summary>
    Seq<Option<Tensor>> Transpose(Seq<Option<Cotangent>> cotangents, Seq<Operand> operands);
}
