using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using Functional.Kernels;

namespace Functional.Compilation;

/// <summary>Instructions on a register of elements: the operators' own lane functions, plain arithmetic as the runtime's intrinsics.</summary>
[RequiresDynamicCode("Emits code.")]
internal sealed class EmittedLanes(ILGenerator il, Step.Kernel kernel, Lanes lanes, Action<int> read, bool mayInline, Label? far = null)
{
    // As many elementary functions as the runtime inlines before it gives up and keeps every value in memory: measured, three
    // short ones are faster in the loop and six are not; three logistic functions are ten times slower, one is not.
    private const int Inlined = 3;

    private readonly System.Collections.Generic.HashSet<(Type, int)> inlined = [];
    private readonly Dictionary<Type, (LocalBuilder First, LocalBuilder Second)> operands = [];
    private int taken;

    internal void Emit(Instruction instruction)
    {
        switch (instruction.Operation)
        {
            case Operation.Select:
                Select(instruction);
                break;
            case Operation.Convert:
                Convert(instruction.Inputs[0], kernel.Body[instruction.Inputs[0]].Type, instruction.Type);
                break;
            case Operation.Operator(var form) when kernel.Body[instruction.Inputs[0]].Type == DType.Bool:
                foreach (var input in instruction.Inputs) read(input);
                Logic(form);
                break;
            case Operation.Operator(var form) when form.IsAssignableTo(typeof(IComparison)):
                Compare(form, instruction);
                break;
            case Operation.Operator(var form) when form.IsAssignableTo(typeof(IPredicate)):
                Test(form, instruction.Inputs[0]);
                break;
            case Operation.Operator(var form) when far is { } label && form.IsAssignableTo(typeof(INearUnary)) && IsInlined(form, instruction.Type, instruction.Inputs):
                Near(form, instruction.Type, instruction.Inputs[0], label);
                break;
            case Operation.Operator(var form):
                foreach (var input in instruction.Inputs) read(input);
                Operate(form, instruction.Type, instruction.Inputs);
                break;
            default:
                throw new InvalidOperationException($"no code for {instruction.Operation}");
        }
    }

    /// <summary>One number in every lane.</summary>
    internal void Constant(Tensor value)
    {
        if (value is Dense<bool> truth)
        {
            Call(Methods.Operator(lanes.RegisterOf(DType.Bool), truth.Elements[0] ? "get_AllBitsSet" : "get_Zero", 0));
            return;
        }
        EmittedScalars.Constant(il, value);
        Repeat(value.DType);
    }

    /// <summary>The number on the stack in every lane; a truth value as a mask.</summary>
    internal void Repeat(DType type)
    {
        var registers = Methods.Registers(lanes.BitsOf(type)).Static;
        if (type == DType.Bool)
        {
            il.Emit(OpCodes.Neg);
            if (lanes.Mask == typeof(long)) il.Emit(OpCodes.Conv_I8);
        }
        Call(Methods.Of(registers, "Create", 1, lanes.ElementOf(type)));
    }

    private void Operate(Type form, DType type, int[] inputs)
    {
        var (registers, ours) = Methods.Registers(lanes.BitsOf(type));
        var (register, element) = (lanes.RegisterOf(type), lanes.ElementOf(type));
        var isFloat = type.IsFloat();
        if (Arithmetic(form, isFloat) is { } name) Call(Methods.Operator(register, name, inputs.Length));
        else if (Named(form, isFloat) is { } function) Call(Methods.Of(registers, function, inputs.Length, register, element));
        else
        {
            var operation = inputs.Length == 1 ? nameof(OnLanes.Unary) : nameof(OnLanes.Binary);
            if (Lowering.IsHeavy(form, type) && !IsInlined(form, type, inputs)) InPlace(Methods.Of(ours, operation, inputs.Length, register, form, element), register, inputs.Length);
            else Call(Methods.Of(typeof(OnLanes), operation, inputs.Length, register, form, element));
        }
    }

    // Straight-line code, which shares what a sine and a cosine of one argument have in common; elsewhere where a lane is not near.
    private void Near(Type form, DType type, int input, Label label)
    {
        var (register, element) = (lanes.RegisterOf(type), lanes.ElementOf(type));
        if (Pair(form) is not { } other || !inlined.Contains((other, input)))
        {
            read(input);
            Call(Methods.Of(typeof(OnLanes), nameof(OnLanes.IsFar), 1, register, form, element));
            il.Emit(OpCodes.Brtrue, label);
        }
        read(input);
        Call(Methods.Of(typeof(OnLanes), nameof(OnLanes.Near), 1, register, form, element));
    }

    private void InPlace(System.Reflection.MethodInfo method, Type register, int count)
    {
        if (!operands.TryGetValue(register, out var slots)) operands[register] = slots = (il.DeclareLocal(register), il.DeclareLocal(register));
        if (count == 2) il.Emit(OpCodes.Stloc, slots.Second);
        il.Emit(OpCodes.Stloc, slots.First);
        il.Emit(OpCodes.Ldloca, slots.First);
        if (count == 2) il.Emit(OpCodes.Ldloca, slots.Second);
        Call(method);
        il.Emit(OpCodes.Ldloc, slots.First);
    }

    // A sine and a cosine of one argument share most of their work when both are inlined.
    private bool IsInlined(Type form, DType type, int[] inputs)
    {
        if (!mayInline || kernel.Size < 8 * lanes.Count || inputs.Length != 1) return false;
        var length = IsShort(form, type) ? 1 : Inlined;
        var isPaired = taken <= Inlined && Pair(form) is { } other && inlined.Contains((other, inputs[0]));
        if (taken + length > Inlined && !isPaired) return false;
        taken += length;
        return inlined.Add((form, inputs[0]));
    }

    private static bool IsShort(Type form, DType type) =>
        (type == DType.Float32 && form.IsAssignableTo(typeof(INativeUnary))) || form == typeof(Exp) || form == typeof(Log) || form == typeof(Sin) || form == typeof(Cos);

    private static Type? Pair(Type form) => form == typeof(Sin) ? typeof(Cos) : form == typeof(Cos) ? typeof(Sin) : null;

    private static string? Arithmetic(Type form, bool isFloat) =>
        form == typeof(Add) ? "op_Addition"
        : form == typeof(Subtract) ? "op_Subtraction"
        : form == typeof(Multiply) ? "op_Multiply"
        : form == typeof(Divide) && isFloat ? "op_Division"
        : form == typeof(Negate) ? "op_UnaryNegation"
        : form == typeof(And) ? "op_BitwiseAnd"
        : form == typeof(Or) ? "op_BitwiseOr"
        : form == typeof(Xor) ? "op_ExclusiveOr"
        : form == typeof(Not) ? "op_OnesComplement"
        : null;

    private static string? Named(Type form, bool isFloat) =>
        form == typeof(Max) ? "Max"
        : form == typeof(Min) ? "Min"
        : form == typeof(Abs) ? "Abs"
        : form == typeof(Sqrt) && isFloat ? "Sqrt"
        : null;

    private void Logic(Type form)
    {
        var register = lanes.RegisterOf(DType.Bool);
        if (form == typeof(Equal) || form == typeof(NotEqual)) Call(Methods.Operator(register, "op_ExclusiveOr", 2));
        else if (form != typeof(Not)) Call(Methods.Operator(register, Arithmetic(form, false)!, 2));
        if (form == typeof(Equal) || form == typeof(Not)) Call(Methods.Operator(register, "op_OnesComplement", 1));
    }

    private void Compare(Type form, Instruction instruction)
    {
        var type = kernel.Body[instruction.Inputs[0]].Type;
        var isSwapped = form == typeof(Greater) || form == typeof(GreaterOrEqual);
        read(instruction.Inputs[isSwapped ? 1 : 0]);
        read(instruction.Inputs[isSwapped ? 0 : 1]);
        Compared(type, form == typeof(Equal) || form == typeof(NotEqual) ? "Equals" : form == typeof(Less) || form == typeof(Greater) ? "LessThan" : "LessThanOrEqual");
        if (form == typeof(NotEqual)) Call(Methods.Operator(lanes.RegisterOf(type), "op_OnesComplement", 1));
        ToMask(type);
    }

    private void Test(Type form, int input)
    {
        var type = kernel.Body[input].Type;
        read(input);
        Call(Methods.Of(typeof(OnLanes), nameof(OnLanes.Test), 1, lanes.RegisterOf(type), form, lanes.ElementOf(type)));
        ToMask(type);
    }

    private void Compared(DType type, string name) =>
        Call(Methods.Of(Methods.Registers(lanes.BitsOf(type)).Static, name, 2, lanes.RegisterOf(type), lanes.ElementOf(type)));

    private void Select(Instruction instruction)
    {
        read(instruction.Inputs[0]);
        FromMask(instruction.Type);
        read(instruction.Inputs[1]);
        read(instruction.Inputs[2]);
        Selected(instruction.Type);
    }

    private void Selected(DType type) =>
        Call(Methods.Of(typeof(OnLanes), nameof(OnLanes.Select), 3, lanes.RegisterOf(type), lanes.ElementOf(type)));

    private void ToMask(DType type)
    {
        if (type.Bytes() * lanes.Count * 8 == lanes.Bits)
        {
            Reinterpret(lanes.Bits, lanes.ElementOf(type), lanes.Mask);
            return;
        }
        Reinterpret(lanes.BitsOf(type), lanes.ElementOf(type), typeof(int));
        Call(Methods.Of(Methods.Registers(lanes.Bits).Ours, "WidenMask", 1, lanes.RegisterOf(DType.Int32)));
    }

    private void FromMask(DType type)
    {
        if (type == DType.Bool) return;
        if (type.Bytes() * lanes.Count * 8 == lanes.Bits)
        {
            Reinterpret(lanes.Bits, lanes.Mask, lanes.ElementOf(type));
            return;
        }
        Call(Methods.Of(Methods.Registers(lanes.Bits).Ours, "NarrowMask", 1, lanes.RegisterOf(DType.Int64)));
        Reinterpret(lanes.BitsOf(type), typeof(int), lanes.ElementOf(type));
    }

    private void Reinterpret(int bits, Type from, Type to)
    {
        if (from == to) return;
        Call(Methods.Of(Methods.Registers(bits).Static, "As", 1, Methods.Register(bits, from), from, to));
    }

    private void Convert(int input, DType from, DType to)
    {
        var ours = Methods.Registers(lanes.Bits).Ours;
        read(input);
        switch (from, to)
        {
            case var _ when from == to:
                break;
            case (DType.Bool, _):
                FromMask(to);
                Constant(Values.Scalar(to, 1));
                Constant(Values.Scalar(to, 0));
                Selected(to);
                break;
            case (_, DType.Bool):
                Constant(Values.Scalar(from, 0));
                Compared(from, "Equals");
                Call(Methods.Operator(lanes.RegisterOf(from), "op_OnesComplement", 1));
                ToMask(from);
                break;
            case (DType.Float32 or DType.Int32, DType.Float64):
                Call(Methods.Of(ours, "Widen", 1, lanes.RegisterOf(from)));
                break;
            case (DType.Float64, DType.Float32):
                Call(Methods.Of(ours, "Narrow", 1, lanes.RegisterOf(from)));
                break;
            default:
                Each(from, to);
                break;
        }
    }

    private void Each(DType from, DType to)
    {
        var (source, result) = (il.DeclareLocal(lanes.RegisterOf(from)), il.DeclareLocal(lanes.RegisterOf(to)));
        il.Emit(OpCodes.Stloc, source);
        il.Emit(OpCodes.Ldloca, source);
        il.Emit(OpCodes.Ldloca, result);
        il.Emit(OpCodes.Ldc_I4, lanes.Count);
        Call(Methods.Of(typeof(Parts), nameof(Parts.Convert), 3, lanes.ElementOf(from), lanes.ElementOf(from), lanes.ElementOf(to)));
        il.Emit(OpCodes.Ldloc, result);
    }

    private void Call(System.Reflection.MethodInfo method) => il.Emit(OpCodes.Call, method);
}
