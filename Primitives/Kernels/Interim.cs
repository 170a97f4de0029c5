// Interim kernels.
using System.Numerics;
using System.Numerics.Tensors;
namespace Functional.Kernels;
#pragma warning disable CS1591
public interface IUnaryOperator { static abstract void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>; }
public interface IUnaryInteger { static abstract void RunInteger<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryInteger<T>; }
public interface IBinaryOperator { static abstract T Invoke<T>(T x, T y) where T : unmanaged, INumber<T>; }
public interface IFloatBinaryOperator { static abstract T Invoke<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T>; }
public interface ICompare { static abstract bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T>; }
public readonly struct FloorOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Floor(x, y); }
public readonly struct CeilOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Ceiling(x, y); }
public readonly struct RoundOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Round(x, y); }
public readonly struct ExpOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Exp(x, y); }
public readonly struct Exp2Operator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Exp2(x, y); }
public readonly struct Expm1Operator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.ExpM1(x, y); }
public readonly struct LogOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Log(x, y); }
public readonly struct Log2Operator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Log2(x, y); }
public readonly struct Log10Operator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Log10(x, y); }
public readonly struct Log1pOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.LogP1(x, y); }
public readonly struct SqrtOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sqrt(x, y); }
public readonly struct RsqrtOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.ReciprocalSqrt(x, y); }
public readonly struct CbrtOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Cbrt(x, y); }
public readonly struct SinOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sin(x, y); }
public readonly struct CosOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Cos(x, y); }
public readonly struct TanOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Tan(x, y); }
public readonly struct AsinOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Asin(x, y); }
public readonly struct AcosOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Acos(x, y); }
public readonly struct AtanOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Atan(x, y); }
public readonly struct SinhOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sinh(x, y); }
public readonly struct CoshOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Cosh(x, y); }
public readonly struct TanhOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Tanh(x, y); }
public readonly struct AsinhOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Asinh(x, y); }
public readonly struct AcoshOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Acosh(x, y); }
public readonly struct AtanhOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Atanh(x, y); }
public readonly struct SigmoidOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sigmoid(x, y); }
public readonly struct AbsOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = T.Abs(x[i]); } }
public readonly struct SignOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = T.IsNaN(x[i]) ? x[i] : T.CreateChecked(T.Sign(x[i])); } }
public readonly struct NegateOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = -x[i]; } }
public readonly struct SoftplusOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = T.Max(x[i], T.Zero) + T.LogP1(T.Exp(-T.Abs(x[i]))); } }
public readonly struct ErfOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = T.CreateChecked(0.0 * 1); } }
public readonly struct ErfcOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = T.CreateChecked(0.0 * 1); } }
public readonly struct LgammaOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = T.CreateChecked(0.0); } }
public readonly struct AddOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x + y; }
public readonly struct SubtractOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x - y; }
public readonly struct MultiplyOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x * y; }
public readonly struct DivideOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x / y; }
public readonly struct RemainderOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x % y; }
public readonly struct MaximumOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => T.Max(x, y); }
public readonly struct MinimumOperator : IBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => T.Min(x, y); }
public readonly struct PowerOperator : IFloatBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Pow(x, y); }
public readonly struct Atan2Operator : IFloatBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Atan2(x, y); }
public readonly struct HypotOperator : IFloatBinaryOperator { public static T Invoke<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Hypot(x, y); }
public readonly struct EqualOperator : ICompare { public static bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x == y; }
public readonly struct NotEqualOperator : ICompare { public static bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x != y; }
public readonly struct LessOperator : ICompare { public static bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x < y; }
public readonly struct LessEqualOperator : ICompare { public static bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x <= y; }
public readonly struct GreaterOperator : ICompare { public static bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x > y; }
public readonly struct GreaterEqualOperator : ICompare { public static bool Invoke<T>(T x, T y) where T : unmanaged, INumber<T> => x >= y; }
public readonly struct AndOperator; public readonly struct OrOperator; public readonly struct XorOperator;
public readonly struct NotOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { for (var i = 0; i < x.Length; i++) y[i] = x[i] == T.Zero ? T.One : T.Zero; } }
public readonly struct IsNaNOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { } }
public readonly struct IsFiniteOperator : IUnaryOperator { public static void Run<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> { } }
public static class Pointwise { public static void Select<T>(ReadOnlySpan<bool> m, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) { for (var i = 0; i < z.Length; i++) z[i] = m[m.Length == 1 ? 0 : i] ? x[x.Length == 1 ? 0 : i] : y[y.Length == 1 ? 0 : i]; } }
