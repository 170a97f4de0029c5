using System.Reflection.Emit;

namespace Functional.Compilation;

/// <summary>Integers of the machine's size in emitted code.</summary>
internal static class EmittedIntegers
{
    internal static LocalBuilder Integer(this ILGenerator il) => il.DeclareLocal(typeof(nint));

    internal static void Number(this ILGenerator il, long number)
    {
        il.Emit(OpCodes.Ldc_I8, number);
        il.Emit(OpCodes.Conv_I);
    }
}
