using Functional.Programs;
using Xunit;
using static Functional.TensorMath;

namespace Functional.Properties.Differentiation;

public class Smoke
{
    [Fact]
    public void Works()
    {
        Tensor x = Tensor.From([1.0, 2.0, 3.0]);
        var p = Trace.Of("Trace", Seq1(x.Type), a => Seq1(Sum(Sin(a[0] * a[0]) * Exp(a[0]))));
        Console.WriteLine(p);
        Console.WriteLine(p.Evaluate(x)[0]);
        Console.WriteLine(p.Jvp());
        Console.WriteLine(p.Jvp().Simplify());
        var lin = p.Linearize();
        Console.WriteLine(lin.Primal);
        Console.WriteLine(lin.Linear);
        Console.WriteLine(string.Join(",", lin.ResidualNames));
        Console.WriteLine(lin.Linear.Transpose(1));
        Console.WriteLine(p.Vmap(4));
        Console.WriteLine(p.Vmap(4).Check());
        Console.WriteLine(p.ToMermaid());
        Console.WriteLine(Cost.Of(p));
    }
}
