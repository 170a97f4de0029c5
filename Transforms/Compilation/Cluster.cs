using Functional.Programs;

namespace Functional.Compilation;

/// <summary>A kernel in the making: equations over one domain that may share a loop.</summary>
internal sealed class Cluster(int size)
{
    // The runtime optimises a method fully only while it is small: this body, written out three times, stays within its bounds.
    private const int Most = 480;

    private readonly List<Instruction> body = [];
    private readonly Dictionary<(int Buffer, Affine Map, Pick? Pick), int> loads = [];
    private readonly Dictionary<Tensor, int> constants = [];
    private readonly Dictionary<(Type Form, int Input), int> evens = [];
    private readonly Dictionary<int, Store> stores = [];
    private readonly List<Store> placed = [];
    private readonly List<RowFold> folds = [];
    private readonly List<Equation> equations = [];
    private int[] extents = size == 1 ? [] : [size];
    private int row;

    internal int Size => size;

    internal bool IsFull => body.Count >= Most;

    /// <summary>Whether loads through these maps have axes in common with those that are there.</summary>
    internal bool Splits(IEnumerable<Affine> maps)
    {
        var finer = extents;
        foreach (var map in maps)
            if (Affine.Refine(finer, map.Extents) is { } refined) finer = refined;
            else return false;
        return true;
    }

    /// <summary>Whether rows of this length can be folded here.</summary>
    internal bool Folds(int length) => row == 0 || row == length;

    internal int Load(int buffer, Affine map, Pick? pick, DType type)
    {
        if (loads.TryGetValue((buffer, map, pick), out var loaded)) return loaded;
        if (!map.IsConstant) extents = Affine.Refine(extents, map.Extents)!;
        if (pick is not null) extents = Affine.Refine(extents, pick.Map.Extents)!;
        return loads[(buffer, map, pick)] = Add(new Operation.Load(buffer, map, pick), type, []);
    }

    internal int Constant(Tensor value) =>
        constants.TryGetValue(value, out var known) ? known : constants[value] = Add(new Operation.Constant(value), value.DType, []);

    internal int Add(Operation operation, DType type, int[] inputs)
    {
        if (operation is Operation.Operator(var form) && form.IsAssignableTo(typeof(Kernels.IEven))) return Even(operation, form, type, inputs[0]);
        body.Add(new(operation, type, inputs));
        return body.Count - 1;
    }

    // f(−x) = f(x), done once.
    private int Even(Operation operation, Type form, DType type, int input)
    {
        while (body[input] is { Operation: Operation.Operator(var sign), Inputs: [var x] } && sign == typeof(Kernels.Negate)) input = x;
        if (evens.TryGetValue((form, input), out var known)) return known;
        body.Add(new(operation, type, [input]));
        return evens[(form, input)] = body.Count - 1;
    }

    internal void Keep(int value, int buffer) => stores.TryAdd(buffer, new(value, buffer));

    /// <summary>Keeps a value at places of a larger buffer.</summary>
    internal void Place(int value, int buffer, Affine map)
    {
        if (!map.IsConstant) extents = Affine.Refine(extents, map.Extents)!;
        placed.Add(new(value, buffer, map));
    }

    internal void Fold(int value, Monoid monoid, int length, int buffer)
    {
        row = length;
        folds.Add(new(value, monoid, buffer));
    }

    internal void Computes(Equation equation) => equations.Add(equation);

    internal Step.Kernel Done() => new(size, Coalesced(), [.. body], stores.Values.Concat(placed).ToSeq().Strict(), folds.ToSeq().Strict(), row)
    {
        Equations = equations.ToSeq().Strict(),
    };

    // Neighbouring axes are one where they are so to every load and store.
    private int[] Coalesced()
    {
        var axes = new List<int>();
        int[][] steps = [.. loads.Keys.Select(load => load.Map).Concat(loads.Keys.Where(load => load.Pick is not null).Select(load => load.Pick!.Map)).Concat(placed.Select(store => store.Map!)).Where(map => !map.IsConstant).Select(map => map.Over(extents)!)];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (axis > 0 && System.Array.TrueForAll(steps, step => step[axis - 1] == step[axis] * extents[axis])) axes[^1] *= extents[axis];
            else axes.Add(extents[axis]);
        }
        return [.. axes];
    }
}
