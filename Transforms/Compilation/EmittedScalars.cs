using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using Functional.Kernels;

namespace Functional.Compilation;

/// <summary>Instructions on one element, as IL on plain numbers; truth is the integer 1.</summary>
[RequiresDynamicCode("Emits code.")]
internal static class EmittedScalars
{
    /// <summary>Emits an instruction; <paramref name="read"/> puts the result of an earlier one on the stack.</summary>
    internal static void Emit(ILGenerator il, Step.Kernel kernel, Instruction instruction, Action<int> read)
    {
        switch (instruction.Operation)
        {
            case Operation.Constant(var value):
                Constant(il, value);
                break;
            case Operation.Select:
                Select(il, instruction, read);
                break;
            case Operation.Convert:
                read(instruction.Inputs[0]);
                Convert(il, kernel.Body[instruction.Inputs[0]].Type, instruction.Type);
                break;
            case Operation.Operator(var form):
                foreach (var input in instruction.Inputs) read(input);
                Operate(il, form, kernel.Body[instruction.Inputs[0]].Type);
                break;
            default:
                throw new InvalidOperationException($"no code for {instruction.Operation}");
        }
    }

    /// <summary>Emits instructions of one elementary function as one on a register, a lane each: a lane has the bits of the number alone.</summary>
    internal static void Together(ILGenerator il, Step.Kernel kernel, int[] group, Action<int> read, Action<int> write)
    {
        var (type, form) = (kernel.Body[group[0]].Type, ((Operation.Operator)kernel.Body[group[0]].Operation).Type);
        var element = Elements.Of(type);
        var bits = Compilation.Together.Bits(group.Length, type);
        var (registers, ours) = Methods.Registers(bits);
        var register = il.DeclareLocal(Methods.Register(bits, element));
        var count = bits / 8 / type.Bytes();
        // Lanes to spare do what the last one does.
        for (var i = 0; i < count; i++) read(kernel.Body[group[Math.Min(i, group.Length - 1)]].Inputs[0]);
        il.Emit(OpCodes.Call, Methods.Of(registers, "Create", count, element));
        il.Emit(OpCodes.Stloc, register);
        il.Emit(OpCodes.Ldloca, register);
        il.Emit(OpCodes.Call, Methods.Of(ours, nameof(OnLanes.Unary), 1, register.LocalType, form, element));
        for (var i = 0; i < group.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, register);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, Methods.Of(registers, "GetElement", 2, register.LocalType, element));
            write(group[i]);
        }
    }

    internal static void Constant(ILGenerator il, Tensor value)
    {
        switch (value)
        {
            case Dense<double> number:
                il.Emit(OpCodes.Ldc_R8, number.Elements[0]);
                break;
            case Dense<float> number:
                il.Emit(OpCodes.Ldc_R4, number.Elements[0]);
                break;
            case Dense<long> number:
                il.Emit(OpCodes.Ldc_I8, number.Elements[0]);
                break;
            case Dense<int> number:
                il.Emit(OpCodes.Ldc_I4, number.Elements[0]);
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, ((Dense<bool>)value).Elements[0] ? 1 : 0);
                break;
        }
    }

    private static void Select(ILGenerator il, Instruction instruction, Action<int> read)
    {
        var (otherwise, end) = (il.DefineLabel(), il.DefineLabel());
        read(instruction.Inputs[0]);
        il.Emit(OpCodes.Brfalse, otherwise);
        read(instruction.Inputs[1]);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(otherwise);
        read(instruction.Inputs[2]);
        il.MarkLabel(end);
    }

    private static void Convert(ILGenerator il, DType from, DType to)
    {
        if (from != to) il.Emit(OpCodes.Call, Methods.Of(typeof(Pointwise), nameof(Pointwise.Convert), 1, Elements.Of(from), Elements.Of(from), Elements.Of(to)));
    }

    private static void Operate(ILGenerator il, Type form, DType operand)
    {
        var element = Elements.Of(operand);
        var isFloat = operand.IsFloat();
        if (form == typeof(Add)) il.Emit(OpCodes.Add);
        else if (form == typeof(Subtract)) il.Emit(OpCodes.Sub);
        else if (form == typeof(Multiply)) il.Emit(OpCodes.Mul);
        else if (form == typeof(Divide) && isFloat) il.Emit(OpCodes.Div);
        else if (form == typeof(Negate)) il.Emit(OpCodes.Neg);
        else if (form == typeof(And)) il.Emit(OpCodes.And);
        else if (form == typeof(Or)) il.Emit(OpCodes.Or);
        else if (form == typeof(Xor)) il.Emit(OpCodes.Xor);
        else if (form == typeof(Not) && operand != DType.Bool) il.Emit(OpCodes.Not);
        else if (form == typeof(Not)) Negated(il);
        else if (form.IsAssignableTo(typeof(IComparison))) Compare(il, form, isFloat);
        else if (form.IsAssignableTo(typeof(IPredicate))) il.Emit(OpCodes.Call, Methods.Of(typeof(OnLanes), nameof(OnLanes.Test), 1, element, form, element));
        else
        {
            var isUnary = form.IsAssignableTo(typeof(IUnaryOperator));
            var holder = Lowering.IsHeavy(form, operand) ? typeof(Scalars) : typeof(OnLanes);
            il.Emit(OpCodes.Call, isUnary
                ? Methods.Of(holder, nameof(OnLanes.Unary), 1, element, form, element)
                : Methods.Of(holder, nameof(OnLanes.Binary), 2, element, form, element));
        }
    }

    // x ≤ y is not x > y, where of floats a NaN is neither.
    private static void Compare(ILGenerator il, Type form, bool isFloat)
    {
        if (form == typeof(Less)) il.Emit(OpCodes.Clt);
        else if (form == typeof(Greater)) il.Emit(OpCodes.Cgt);
        else if (form == typeof(LessOrEqual))
        {
            il.Emit(isFloat ? OpCodes.Cgt_Un : OpCodes.Cgt);
            Negated(il);
        }
        else if (form == typeof(GreaterOrEqual))
        {
            il.Emit(isFloat ? OpCodes.Clt_Un : OpCodes.Clt);
            Negated(il);
        }
        else
        {
            il.Emit(OpCodes.Ceq);
            if (form == typeof(NotEqual)) Negated(il);
        }
    }

    private static void Negated(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }
}
