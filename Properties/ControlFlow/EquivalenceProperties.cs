using Xunit;
using static Functional.TensorMath;
using static Functional.Transforms;

namespace Functional.Properties.ControlFlow;

/// <summary>Structured control flow against the same written out on the host, under every transform.</summary>
public class EquivalenceProperties
{
    private sealed record State(Tensor Position, (Tensor Speed, Tensor[] History) Rest, Tensor Steps);

    private static readonly Tensor Weights = Tensor.From(new[,] { { 0.2, -0.4 }, { 0.7, 0.1 } });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Scan_is_the_unrolled_loop(int length) => Derived.Agree(
        x =>
        {
            var (c, sum) = (x[0], x[1] * 0.0);
            for (var i = 0; i < length; i++)
            {
                sum += Sin(c) * (i + 1);
                c = Sin(c * x[i]) + (x[3] * x[i]);
            }
            return Stack([c, sum]);
        },
        x =>
        {
            var (c, outputs) = Scan((c, row) => (Sin(c * row) + (x[3] * row), Sin(c)), x[0], x[..length]);
            return Stack([c, Sum(outputs * (Arange(length) + 1.0))]);
        });

    [Fact]
    public void Scan_in_reverse_goes_from_the_last_row_and_leaves_outputs_in_their_rows() => Derived.Agree(
        x =>
        {
            var (c, outputs) = (x[0], new Tensor[4]);
            for (var i = 3; i >= 0; i--) (c, outputs[i]) = (Tanh(c + x[i]), c * x[i]);
            return Concatenate([TensorMath.Stack(outputs), c[AxisIndex.NewAxis]]);
        },
        x =>
        {
            var (c, outputs) = Scan((c, row) => (Tanh(c + row), c * row), x[0], x, reverse: true);
            return Concatenate([outputs, c[AxisIndex.NewAxis]]);
        });

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(9, false)]
    public void Scan_with_checkpoints_is_Scan(int every, bool reverse)
    {
        Tensor Run(Tensor x, int? checkpoints)
        {
            var rows = Concatenate([x, x * 2.0]);
            var (c, outputs) = Scan((c, row) => (Sin(c * row) + x[1], Cos(c)), x[0], rows, reverse: reverse, checkpointEvery: checkpoints);
            return Concatenate([outputs, c[AxisIndex.NewAxis]]);
        }
        Derived.Agree(x => Run(x, null), x => Run(x, every));
    }

    [Fact]
    public void Scan_of_structures_carries_and_gives_structures() => Derived.Agree(
        x =>
        {
            var (position, speed, before, steps, total) = (x[..2], x[2..], new[] { x[0], x[1] }, 0, x[0] * 0.0);
            for (var i = 0; i < 3; i++)
            {
                total += Sum(position * speed) * (steps % 2 == 0 ? 1.0 : -1.0);
                (position, speed, before, steps) = (position + (0.1 * MatMul(Weights, speed)), speed - (0.1 * position), [before[1], Sum(position)], steps + 1);
            }
            return Concatenate([position, speed, TensorMath.Stack([.. before, total])]);
        },
        x =>
        {
            var (state, outputs) = Scan(
                (State s) => (
                    new State(s.Position + (0.1 * MatMul(Weights, s.Rest.Speed)), (s.Rest.Speed - (0.1 * s.Position), [s.Rest.History[1], Sum(s.Position)]), s.Steps + 1),
                    (Energy: Sum(s.Position * s.Rest.Speed), IsEven: Equal(s.Steps % 2, 0))),
                new State(x[..2], (x[2..], [x[0], x[1]]), 0),
                3);
            Assert.Equal(DType.Bool, outputs.IsEven.DType);
            Assert.Equal(DType.Int32, state.Steps.DType);
            var total = Sum(Where(outputs.IsEven, outputs.Energy, -outputs.Energy));
            return Concatenate([state.Position, state.Rest.Speed, TensorMath.Stack([.. state.Rest.History, total])]);
        });

    [Fact]
    public void Scan_in_Scan_is_a_loop_in_a_loop() => Derived.Agree(
        x =>
        {
            var c = x[0];
            for (var i = 0; i < 4; i++)
                for (var j = 0; j < 4; j++) c = Sin(c + (x[i] * x[j]));
            return c;
        },
        x => Scan((c, row) => (Scan((d, column) => (Sin(d + (row * column)), d), c, x).Carry, c), x[0], x).Carry);

    [Fact]
    public void Cond_is_the_branch_of_the_host() => Derived.Agree(
        x => (bool)(x[0] > 0.5) ? Sin(x) * x[1] : Exp(x * 0.5) - x[2],
        x => Cond(x[0] > 0.5, x, y => Sin(y) * x[1], y => Exp(y * 0.5) - x[2]),
        onHost: true);

    [Fact]
    public void Cond_of_structures_and_closures() => Derived.Agree(
        x => (bool)(Sum(x) > 0) ? Concatenate([x[..2] * x[2..], x]) : Concatenate([Sin(x[..2]), x * x]),
        x =>
        {
            var (head, rest) = Cond(Sum(x) > 0, (Head: x[..2], Tail: x[2..]), p => (p.Head * p.Tail, x), p => (Sin(p.Head), x * x));
            return Concatenate([head, rest]);
        },
        onHost: true);

    [Fact]
    public void Cond_in_Scan_decides_at_each_step() => Derived.Agree(
        x =>
        {
            var c = x[0];
            for (var i = 0; i < 4; i++) c = (bool)(c > x[i]) ? Sin(c * x[i]) : (c * 0.5) + (x[i] * x[1]);
            return c;
        },
        x => Scan((c, row) => (Cond(c > row, c, d => Sin(d * row), d => (d * 0.5) + (row * x[1])), c), x[0], x).Carry,
        onHost: true);

    [Fact]
    public void Scan_in_Cond() => Derived.Agree(
        x =>
        {
            if (!(bool)(x[1] > 0)) return x[2] * x[3];
            var c = x[0];
            for (var i = 0; i < 4; i++) c = Sin(c + x[i]);
            return c;
        },
        x => Cond(x[1] > 0, x, y => Scan((c, row) => (Sin(c + row), c), y[0], y).Carry, y => y[2] * y[3]),
        onHost: true);

    // As many steps as it takes, which differs from member to member of a batch.
    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void While_is_the_loop_of_the_host(int states) => Derived.Agree(
        x =>
        {
            var y = x;
            while ((bool)(Sum(y * y) < 40.0)) y = (y * 1.1) + (0.2 * Sin(y + x[0]));
            return y;
        },
        x => While(y => Sum(y * y) < 40.0, y => (y * 1.1) + (0.2 * Sin(y + x[0])), x, states: states),
        onHost: true);

    [Fact]
    public void While_may_make_no_step() => Derived.Agree(x => x * x, x => While(y => Sum(y) > 1e6, y => y + 1.0, x * x));

    [Fact]
    public void While_in_Scan_and_Scan_in_While()
    {
        static Tensor Halved(Tensor c)
        {
            while ((bool)(Abs(c) > 0.2)) c = c * 0.5 * Cos(c);
            return c;
        }
        Derived.Agree(
            x =>
            {
                var c = x[0];
                for (var i = 0; i < 4; i++) c = Halved(c + x[i]);
                return c;
            },
            x => Scan((c, row) => (While(d => Abs(d) > 0.2, d => d * 0.5 * Cos(d), c + row), c), x[0], x).Carry,
            onHost: true);
        Derived.Agree(
            x =>
            {
                var c = x[0];
                while ((bool)(c < 3.0))
                    for (var i = 0; i < 4; i++) c += 0.3 + (0.1 * Sin(x[i] * c));
                return c;
            },
            x => While(c => c < 3.0, c => Scan((d, row) => (d + 0.3 + (0.1 * Sin(row * d)), d), c, x).Carry, x[0]),
            onHost: true);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 5)]
    [InlineData(3, 1)]
    public void For_is_the_loop_of_the_host(int from, int to)
    {
        static Tensor Body(Tensor place, Tensor c) => Sin(c + Convert(place, DType.Float64));
        Tensor OnHost(Tensor x)
        {
            for (var i = from; i < to; i++) x = Body(i, x);
            return x;
        }
        Derived.Agree(OnHost, x => For(from, to, Body, x));
        // Bounds that are traced make a loop of unknown length.
        Derived.Agree(OnHost, x => For(Convert(x[0] * 0.0, DType.Int32) + from, Convert(x[0] * 0.0, DType.Int32) + to, Body, x));
    }

    [Fact]
    public void Map_is_Vmap_one_row_after_another()
    {
        Derived.Agree(x => Vmap((Tensor y) => Sin(y) * x[0])(x), x => Map(y => Sin(y) * x[0], x));
        Derived.Agree(
            x => Vmap(((Tensor A, Tensor B) p) => p.A * Sum(p.B))((x, Stack([x, x, x * x, Sin(x)]))),
            x => Map(((Tensor A, Tensor B) p) => p.A * Sum(p.B), (x, Stack([x, x, x * x, Sin(x)]))));
    }

    [Fact]
    public void A_scan_of_f32_stays_f32_and_a_literal_takes_its_type()
    {
        var xs = Tensor.From([0.5f, -1, 2]);
        var (sum, sums) = Scan((c, x) => (c + x, c * 2.0), 0.0, xs);
        Assert.Equal((DType.Float32, DType.Float32), (sum.DType, sums.DType));
        Assert.Equal(DType.Float32, Cond(true, xs[0], x => x * 2.0, x => 0.0).DType);
        Assert.Equal(DType.Float32, Grad(x => Scan((c, y) => (c + (y * y), c), 0.0, x).Carry)(xs).DType);
        Assert.Equal(1.5f, (float)sum);
    }
}
