using Functional.ControlFlow;
using Functional.Primitives;
using Functional.Programs;

namespace Functional.Compilation;

/// <summary>Steps over buffers. Buffers have the ids of the variables that they hold; views that are made in order have ids after these.</summary>
/// <param name="Steps">In order.</param>
/// <param name="Types">Of each buffer.</param>
/// <param name="Constants">Buffers that are known already.</param>
/// <param name="Outputs">What is returned.</param>
internal sealed record Schedule(Seq<Step> Steps, TensorType[] Types, Dictionary<int, Tensor> Constants, Seq<Operand> Outputs);

/// <summary>
/// Program to kernels. Equations are taken in order; one that works element by element joins the first loop over as many
/// places that all its operands come before, or stand in at the same place. Views are maps that loads go through; a fold
/// along the last axes joins the loop that makes its operand. All else is a step of its own.
/// </summary>
internal sealed class Fusion
{
    private readonly List<object> steps = [];
    private readonly Dictionary<int, List<int>> loops = [];
    private readonly List<TensorType> types = [];
    private readonly List<int> made = [];
    private readonly Dictionary<int, (Cluster Cluster, int Value)> homes = [];
    private readonly Dictionary<(int, Affine), int> copies = [];
    private readonly Dictionary<int, Assembly> assemblies = [];
    private readonly Dictionary<int, Tensor> constants = [];
    private readonly Dictionary<(Shape, Seq<Atom>), int> numbered = [];
    private readonly Dictionary<(Tensor, Shape), int> spreads = [];
    private readonly Value[] values;
    private readonly Equation?[] onlyUsers;
    private readonly Lazy<bool[]> read;
    private readonly System.Collections.Generic.HashSet<int> elsewhere = [];

    // Bytes along the last axis below which loops would take parts of registers only.
    private const int Register = 64;

    // Bytes of a constant up to which what is made of it is held, not made again.
    private const int LargestConstant = 1 << 22;

    // Elements of a gathered row below which a loop over the rows gains nothing.
    private const int ShortestRow = 8;

    // No loop before this step takes the equation in hand.
    private int floor;

    private Fusion(Program program)
    {
        values = new Value[program.VariableCount];
        onlyUsers = OnlyUsers(program);
        read = new(() => ReadInLoops(program));
        foreach (var variable in program.Inputs.Then(program.Equations.SelectMany(equation => equation.Outputs).ToSeq()))
        {
            types.Add(variable.Type);
            made.Add(-1);
            values[variable.Id] = new(variable.Id, Affine.Identity(variable.Type.Size), null);
        }
        foreach (var (input, value) in program.Inputs.Skip(program.Arguments.Count).Zip(program.Captures)) constants[input.Id] = value;
    }

    /// <summary>Where the value of an atom is: at places of a buffer, in rows that another names, or the same number everywhere.</summary>
    private readonly record struct Value(int Source, Affine Map, Tensor? Literal, Pick? Pick = null);

    internal static Schedule Of(Inlining inlined)
    {
        var (program, again) = inlined;
        var fusion = new Fusion(program);
        var isEarly = fusion.TakeEarly(program.Equations, again);
        var (at, part) = (0, 0);
        foreach (var equation in program.Equations)
        {
            if (again[at] != part) fusion.floor = again[at] == 0 ? 0 : fusion.steps.Count;
            part = again[at];
            if (!isEarly[at++]) fusion.Take(equation);
        }
        var outputs = program.Outputs.Map(fusion.Whole).Strict();
        return new(
            Placements.Joined(fusion.steps.Select(step => step is Cluster cluster ? cluster.Done() : (Step)step)).ToSeq().Strict(),
            [.. fusion.types],
            fusion.constants,
            outputs);
    }

    // Integers and truth values that follow from the inputs come first, and the numbers of rows that they name: then a loop over
    // picked rows may be one with any other.
    private bool[] TakeEarly(Seq<Equation> equations, IReadOnlyList<int> again)
    {
        var (isEarly, late) = (new bool[equations.Count], new System.Collections.Generic.HashSet<int>());
        if (!equations.Exists(equation => equation.Primitive is Gather)) return isEarly;
        bool IsKnown(Atom atom) => atom is not Variable variable || !late.Contains(variable.Id);
        var at = 0;
        foreach (var equation in equations)
        {
            isEarly[at] = again[at] == 0 && equation.Primitive is not ICarriesPrograms && equation.Inputs.ForAll(IsKnown) && equation.Outputs.ForAll(output => !output.Type.DType.IsFloat());
            if (isEarly[at]) Take(equation);
            else foreach (var output in equation.Outputs) late.Add(output.Id);
            at++;
        }
        foreach (var equation in equations)
            if (equation.Primitive is Gather gather && Picks(equation, gather) && equation.Inputs.Tail.ForAll(IsKnown)) Numbered(equation, gather);
        return isEarly;
    }

    // The equation that alone reads a variable, once.
    private static Equation?[] OnlyUsers(Program program)
    {
        var (users, counts) = (new Equation?[program.VariableCount], new int[program.VariableCount]);
        foreach (var equation in program.Equations)
            foreach (var input in equation.Inputs.OfType<Variable>()) (users[input.Id], counts[input.Id]) = (equation, counts[input.Id] + 1);
        foreach (var output in program.Outputs.OfType<Variable>()) counts[output.Id] = int.MaxValue / 2;
        for (var id = 0; id < users.Length; id++)
            if (counts[id] != 1) users[id] = null;
        return users;
    }

    // The variables that operations element by element alone read.
    private static bool[] ReadInLoops(Program program)
    {
        var (read, whole) = (new bool[program.VariableCount], new bool[program.VariableCount]);
        foreach (var equation in program.Equations)
        {
            var isInLoop = Lowering.Elementwise(equation).Length > 0;
            foreach (var input in equation.Inputs.OfType<Variable>()) (isInLoop ? read : whole)[input.Id] = true;
        }
        foreach (var output in program.Outputs.OfType<Variable>()) whole[output.Id] = true;
        for (var id = 0; id < read.Length; id++) read[id] &= !whole[id];
        return read;
    }

    private void Take(Equation equation)
    {
        if (equation.Outputs.Count == 1 && elsewhere.Contains(equation.Outputs[0].Id)) return;
        if (equation.Outputs.Count == 1 && equation.Outputs[0].Type.Size > 0 && equation.Inputs.ForAll(input => input.Type.Size > 0))
        {
            if (Assembly.Of(equation, Loose).Case is Assembly assembly)
            {
                assemblies[equation.Outputs[0].Id] = assembly;
                return;
            }
            if (equation.Primitive is Iota iota && Counted(iota, equation)) return;
            if (Lowering.View(equation) is { } view && Viewed(equation, view)) return;
            if (equation.Primitive is Gather gather && Picked(equation, gather)) return;
            if (Lowering.Elementwise(equation) is { Length: > 0 } parts)
            {
                Joined(equation, parts);
                return;
            }
            if (Lowering.Fold(equation) is { } fold && Folded(equation, fold)) return;
            if (Lowering.Contract(equation) is { } contraction)
            {
                Multiplied(equation, contraction);
                return;
            }
        }
        if (equation.Primitive is IRunsInPlace carrier)
        {
            var (given, results) = (equation.Inputs.Map(input => Stored(Whole(input))).Strict(), equation.Outputs.Map(output => output.Id).Strict());
            Append(
                new Step.Carrier(carrier, carrier.Programs.Map(body => body.Program.Compile(carrier.Stacks)).Strict(), given, results) { Equations = Seq1(equation), Reason = "control flow" },
                results);
            return;
        }
        var operands = equation.Inputs.Map(Whole).Strict();
        Append(
            new Step.Call(equation, operands, equation.Outputs.Map(output => output.Id).Strict()) { Equations = Seq1(equation), Reason = "a kernel of its own" },
            equation.Outputs.Map(output => output.Id));
    }

    private Option<Assembly> Loose(Atom atom) => atom is Variable variable && assemblies.TryGetValue(variable.Id, out var assembly) ? assembly : None;

    // Pieces are stored where they are computed, if no other elements must be there first.
    private void Assemble(int buffer, Assembly assembly)
    {
        assemblies.Remove(buffer);
        var ready = -1;
        if (!assembly.IsCovered)
        {
            var (fill, at) = Place(assembly.Type.Size, [], 0);
            fill.Keep(fill.Constant(assembly.Rest), buffer);
            ready = at;
        }
        var whole = made[buffer] = ready;
        foreach (var piece in assembly.Pieces)
        {
            var at = Assemble(buffer, piece, piece.Places(assembly.Type.Shape), ready);
            whole = Math.Max(whole, at);
        }
        made[buffer] = whole;
    }

    private int Assemble(int buffer, Piece piece, Affine places, int ready)
    {
        var (value, size, type) = (Of(piece.Source), piece.Source.Type.Size, piece.Source.Type.DType);
        if (places.Inner is not 1 && !places.IsConstant)
        {
            var source = Stored(piece.IsSum ? Summed(piece.Source) : Whole(piece.Source));
            Append(new Step.Placement(Seq1(source), places, buffer) { Reason = "elements apart from each other" }, Seq<int>());
            return steps.Count - 1;
        }
        Cluster cluster;
        int at;
        if (IsHeld(value, size) && made[value.Source] > ready && homes[value.Source].Cluster.Splits([places])) (cluster, at) = (homes[value.Source].Cluster, made[value.Source]);
        else (cluster, at) = Place(size, [value = InReach(value, piece.Source.Type)], 0, places, ready + 1);
        var read = Read(cluster, value, type);
        cluster.Place(piece.IsSum ? cluster.Add(new Operation.Operator(typeof(Kernels.Add)), type, [read, cluster.Constant(Values.Scalar(type, 0))]) : read, buffer, places);
        return at;
    }

    // With 0 added, in a buffer of its own.
    private Operand Summed(Atom atom)
    {
        var (value, type) = (InReach(Of(atom), atom.Type), atom.Type.DType);
        var (cluster, at) = Place(atom.Type.Size, [value], 0);
        var buffer = New(atom.Type);
        cluster.Keep(cluster.Add(new Operation.Operator(typeof(Kernels.Add)), type, [Read(cluster, value, type), cluster.Constant(Values.Scalar(type, 0))]), buffer);
        made[buffer] = at;
        return new(buffer, atom.Type, null);
    }

    // The numbers along one axis are a buffer; the rest is a view of it.
    private bool Counted(Iota iota, Equation equation)
    {
        var range = Spread(new Iota([iota.Shape[iota.Axis]], 0, iota.DType).Apply());
        var strides = new int[iota.Shape.Rank];
        strides[iota.Axis] = 1;
        values[equation.Outputs[0].Id] = new(range, Affine.Of(0, strides, iota.Shape.Extents), null);
        return true;
    }

    private bool Viewed(Equation equation, IndexMap view)
    {
        var result = equation.Outputs[0];
        var of = Of(equation.Inputs[0]);
        if (of.Literal is not null) values[result.Id] = of with { Map = Affine.Of(0, new int[result.Type.Rank], result.Type.Shape.Extents) };
        else
        {
            var extents = result.Type.Shape.Extents;
            if (of.Map.After(view.Offset, [.. view.Strides], extents) is not { } map)
            {
                of = new(Copied(of, equation.Inputs[0].Type), Affine.Identity(equation.Inputs[0].Type.Size), null);
                map = of.Map.After(view.Offset, [.. view.Strides], extents)!;
            }
            values[result.Id] = of with { Map = map };
        }
        return true;
    }

    // Rows that are long enough for a register, and that loops alone read, are read where they stand.
    private bool Picked(Equation equation, Gather gather)
    {
        if (!Picks(equation, gather)) return false;
        var x = equation.Inputs[0].Type.Shape;
        var last = gather.Axis + equation.Inputs.Count - 1;
        var (outer, rows, row, count) = (x[..gather.Axis].Size, x[gather.Axis..last].Size, x[last..].Size, equation.Inputs[1].Type.Size);
        int[] extents = [outer, count, row];
        values[equation.Outputs[0].Id] = new(
            Stored(Whole(equation.Inputs[0])), Affine.Of(0, [rows * row, 0, 1], extents), null, new(Numbered(equation, gather), Affine.Of(0, [0, 1, 0], extents), row));
        return true;
    }

    private bool Picks(Equation equation, Gather gather)
    {
        var x = equation.Inputs[0].Type;
        return x.Shape[(gather.Axis + equation.Inputs.Count - 1)..].Size >= ShortestRow && equation.Inputs[1].Type.Size > 1
            && x.DType != DType.Bool && x.Size > 0 && read.Value[equation.Outputs[0].Id];
    }

    // What several take at the same places is numbered once.
    private int Numbered(Equation equation, Gather gather)
    {
        var (x, indices) = (equation.Inputs[0].Type, equation.Inputs.Tail.Strict());
        var key = (x.Shape[gather.Axis..(gather.Axis + indices.Count)], indices);
        if (numbered.TryGetValue(key, out var known)) return known;
        if (Constants(indices) is { } given && Indices.AreWithin(x.Shape, gather.Axis, given)) return numbered[key] = Spread(Values.Of(Indices.Places("Gather", x, gather.Axis, given), [given[0].Size]));
        var numbers = New(new(DType.Int32, [indices[0].Type.Size]));
        Append(new Step.Numbers(x, gather.Axis, indices.Map(Whole).Strict(), numbers) { Reason = "indices, checked before loops read the rows that they name" }, Seq1(numbers));
        return numbered[key] = numbers;
    }

    // Atoms whose values are known; nothing where some are not.
    private Tensor[]? Constants(Seq<Atom> atoms)
    {
        var found = new Tensor[atoms.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var value = Of(atoms[i]);
            if (value.Literal is not null || !constants.TryGetValue(value.Source, out var known) || !IsWhole(value, atoms[i].Type)) return null;
            found[i] = known;
        }
        return found;
    }

    private void Joined(Equation equation, Part[] parts)
    {
        var result = equation.Outputs[0];
        var size = result.Type.Size;
        var operands = equation.Inputs.Map(input => InReach(Of(input), input.Type)).ToArray();
        var (cluster, at) = Place(size, operands, 0);
        var read = operands.Select((operand, i) => Read(cluster, operand, equation.Inputs[i].Type.DType)).ToArray();
        var results = new int[parts.Length];
        for (var k = 0; k < parts.Length; k++)
            results[k] = parts[k].Operation is Operation.Constant(var number)
                ? cluster.Constant(number)
                : cluster.Add(parts[k].Operation, parts[k].Type, [.. parts[k].Inputs.Select(input => input >= 0 ? read[input] : results[-1 - input])]);
        cluster.Computes(equation);
        homes[result.Id] = (cluster, results[^1]);
        made[result.Id] = at;
    }

    private bool Folded(Equation equation, LoopForm.Fold fold)
    {
        var (operand, result) = (equation.Inputs[0].Type, equation.Outputs[0]);
        var length = operand.Size / result.Type.Size;
        if (length == 1)
        {
            values[result.Id] = Of(equation.Inputs[0]);
            return true;
        }
        var of = Of(equation.Inputs[0]);
        var isLast = Lowering.IsOfRows(fold, operand.Shape);
        if (isLast && of.Literal is null && homes.TryGetValue(of.Source, out var home) && of.Map.IsIdentity && home.Cluster.Size == operand.Size && home.Cluster.Folds(length))
        {
            home.Cluster.Fold(home.Value, fold.Monoid, length, result.Id);
            home.Cluster.Computes(equation);
            made[result.Id] = made[of.Source];
            return true;
        }
        // A view that a loop can read is folded as it is read.
        if (isLast && !IsWhole(of, operand) && of.Literal is null && of.Map.Inner is 0 or 1)
        {
            var (cluster, at) = Place(operand.Size, [of], length);
            cluster.Fold(Read(cluster, of, operand.DType), fold.Monoid, length, result.Id);
            cluster.Computes(equation);
            made[result.Id] = at;
            return true;
        }
        var source = Whole(equation.Inputs[0]);
        if (source.Literal is not null) return false;
        Append(
            new Step.Fold(source.Buffer, operand.Shape, fold.Axes, fold.Monoid, result.Id) { Equations = Seq1(equation), Reason = isLast ? "a fold of what is stored" : "a fold over other than the last axes" },
            Seq1(result.Id));
        return true;
    }

    private void Multiplied(Equation equation, LoopForm.Contract form)
    {
        var (x, y) = (equation.Inputs[0].Type, equation.Inputs[1].Type);
        var (rows, columns) = (Free(x, form.LeftBatch, form.Left), Free(y, form.RightBatch, form.Right));
        var (left, a) = Factor(equation.Inputs[0], [.. form.LeftBatch], rows, [.. form.Left]);
        var (right, b) = Factor(equation.Inputs[1], [.. form.RightBatch], [.. form.Right], columns);
        var (result, c) = Destination(equation.Outputs[0], form.LeftBatch.Count, rows.Length);
        // Where columns lie side by side and rows do not, the product is that of the transposes.
        Append(
            (c.IsRowMajor ? new Step.Product(x.DType, left, a, right, b, result, c) : new Step.Product(x.DType, right, b.Transposed, left, a.Transposed, result, c.Transposed)) with
            { Equations = Seq1(equation), Reason = "a contraction" },
            Seq1(result));
    }

    // Views are read in place; what cannot be, is copied in order.
    private (int Buffer, Matrices Places) Factor(Atom operand, int[] batch, int[] rows, int[] columns)
    {
        var value = Of(operand);
        var extents = operand.Type.Shape.Extents;
        if (value.Literal is null && value.Map.Over(extents) is { } steps && Matrices.Of(value.Map.Offset, extents, steps, batch, rows, columns) is { } view)
            return (Kept(value.Source), view);
        var (whole, strides) = (Stored(Whole(operand)), operand.Type.Shape.Strides());
        if (Matrices.Of(0, extents, strides, batch, rows, columns) is { } inPlace) return (whole, inPlace);
        int[] order = [.. batch, .. rows, .. columns];
        Shape ordered = [.. order.Select(axis => operand.Type.Shape[axis])];
        var copy = Copied(new(whole, Affine.Of(0, System.Array.ConvertAll(order, axis => strides[axis]), ordered.Extents), null), new(operand.Type.DType, ordered));
        var (first, last) = (batch.Length, batch.Length + rows.Length);
        int[] axes = [.. Enumerable.Range(0, order.Length)];
        return (copy, Matrices.Of(0, ordered.Extents, ordered.Strides(), axes.AsSpan(..first), axes.AsSpan(first..last), axes.AsSpan(last..))!.Value);
    }

    // A permutation that alone reads the product is where the product is stored, if its rows or its columns lie side by side there.
    private (int Buffer, Matrices Places) Destination(Variable result, int batch, int rows)
    {
        int[] axes = [.. Enumerable.Range(0, result.Type.Rank)];
        if (onlyUsers[result.Id] is { Primitive: Permute { Order: var order } } user && user.Outputs[0] is var permuted)
        {
            var (strides, steps) = (permuted.Type.Shape.Strides(), new int[order.Count]);
            for (var axis = 0; axis < steps.Length; axis++) steps[order[axis]] = strides[axis];
            if (Places(steps) is { } places && (places.IsRowMajor || places.Transposed.IsRowMajor))
            {
                elsewhere.Add(permuted.Id);
                return (permuted.Id, places);
            }
        }
        return (result.Id, Places(result.Type.Shape.Strides())!.Value);

        Matrices? Places(int[] steps) => Matrices.Of(0, result.Type.Shape.Extents, steps, axes.AsSpan(..batch), axes.AsSpan(batch, rows), axes.AsSpan((batch + rows)..));
    }

    private static int[] Free(TensorType operand, Seq<int> batch, Seq<int> summed) =>
        [.. Enumerable.Range(0, operand.Rank).Where(axis => !batch.Contains(axis) && !summed.Contains(axis))];

    /// <summary>The first loop over so many places that may read these operands, perhaps a new one.</summary>
    private (Cluster Cluster, int At) Place(int size, Value[] operands, int row, Affine? places = null, int after = 0)
    {
        var first = Math.Max(floor, after);
        foreach (var operand in operands)
            if (operand.Literal is null) first = Math.Max(first, IsHeld(operand, size) ? made[operand.Source] : Math.Max(made[operand.Source], operand.Pick is null ? -1 : made[operand.Pick.Buffer]) + 1);
        if (!loops.TryGetValue(size, out var candidates)) loops[size] = candidates = [];
        var start = candidates.BinarySearch(first);
        for (var k = start < 0 ? ~start : start; k < candidates.Count; k++)
        {
            var candidate = (Cluster)steps[candidates[k]];
            if (candidate.IsFull || (row > 0 && !candidate.Folds(row))) continue;
            var maps = operands.Where(operand => operand.Literal is null && !IsIn(candidate, operand)).SelectMany(Maps);
            if (candidate.Splits((places is null ? maps : maps.Append(places)).Where(map => !map.IsConstant)))
                return (candidate, candidates[k]);
        }
        var cluster = new Cluster(size);
        candidates.Add(steps.Count);
        steps.Add(cluster);
        return (cluster, steps.Count - 1);
    }

    private static Affine[] Maps(Value operand) => operand.Pick is null ? [operand.Map] : [operand.Map, operand.Pick.Map];

    private int Read(Cluster cluster, Value operand, DType type)
    {
        if (operand.Literal is not null) return cluster.Constant(operand.Literal);
        return IsIn(cluster, operand) ? homes[operand.Source].Value : cluster.Load(Kept(operand.Source), operand.Map, operand.Pick, type);
    }

    // A value of the loop at its own place.
    private bool IsIn(Cluster cluster, Value operand) =>
        homes.TryGetValue(operand.Source, out var home) && home.Cluster == cluster && IsHeld(operand, cluster.Size);

    private bool IsHeld(Value operand, int size) =>
        operand.Pick is null && homes.TryGetValue(operand.Source, out var home) && home.Cluster.Size == size && operand.Map.IsIdentity && operand.Map.Size == size;

    // Loads go along the last axis one by one, or stay, for a register at least; other views are made in order before.
    private Value InReach(Value value, TensorType type) =>
        value.Literal is not null || value.Pick is not null || (value.Map.Inner is 0 or 1 && !IsShort(value.Map, type)) ? value : new(Copied(value, type), Affine.Identity(type.Size), null);

    private static bool IsShort(Affine map, TensorType type) => map.Extents.Length > 1 && map.Extents[^1] * type.DType.Bytes() < Register;

    private Value Of(Atom atom)
    {
        if (atom is not Variable variable) return new(-1, Affine.Identity(1), ((Literal)atom).Value);
        if (assemblies.TryGetValue(variable.Id, out var assembly)) Assemble(variable.Id, assembly);
        return values[variable.Id];
    }

    private bool IsWhole(Value value, TensorType type) => value.Map.IsIdentity && types[value.Source].Size == type.Size;

    /// <summary>An atom as the whole of a buffer.</summary>
    private Operand Whole(Atom atom)
    {
        var value = Of(atom);
        if (value.Literal is not null)
            return atom.Type.Rank == 0 ? new(-1, atom.Type, value.Literal) : new(Spread(TensorMath.BroadcastTo(value.Literal, atom.Type.Shape)), atom.Type, null);
        return new(IsWhole(value, atom.Type) ? Kept(value.Source) : Copied(value, atom.Type), atom.Type, null);
    }

    private int Stored(Operand operand) => operand.Literal is null ? operand.Buffer : Spread(operand.Literal);

    private int Copied(Value value, TensorType type)
    {
        if (copies.TryGetValue((value.Source, value.Map), out var copy)) return copy;
        // What is known need not be put in order again at each run.
        if (constants.TryGetValue(value.Source, out var known) && type.Bytes <= LargestConstant) return copies[(value.Source, value.Map)] = Spread(value.Map.Ordered((Dense)known, type.Shape));
        Kept(value.Source);
        copy = New(type);
        Append(new Step.Copy(value.Source, value.Map, copy) { Reason = "a view whose last axis is not its operand's" }, Seq1(copy));
        return copies[(value.Source, value.Map)] = copy;
    }

    private int Spread(Tensor constant)
    {
        if (spreads.TryGetValue((constant, constant.Shape), out var buffer)) return buffer;
        buffer = New(constant.Type);
        constants[buffer] = constant;
        return spreads[(constant, constant.Shape)] = buffer;
    }

    /// <summary>A buffer that some step reads: the loop that makes it keeps it.</summary>
    private int Kept(int buffer)
    {
        if (homes.TryGetValue(buffer, out var home)) home.Cluster.Keep(home.Value, buffer);
        return buffer;
    }

    private int New(TensorType type)
    {
        types.Add(type);
        made.Add(-1);
        return types.Count - 1;
    }

    private void Append(Step step, Seq<int> results)
    {
        foreach (var result in results) made[result] = steps.Count;
        steps.Add(step);
    }
}
