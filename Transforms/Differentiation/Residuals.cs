using Functional.Programs;
namespace Functional
{
    /// <summary>shim</summary>
    public abstract record ResidualPolicy
    {
        private sealed record Policy(string Name) : ResidualPolicy;
        /// <summary>shim</summary>
        public static ResidualPolicy Everything { get; } = new Policy("everything");
        /// <summary>shim</summary>
        public static ResidualPolicy Nothing { get; } = new Policy("nothing");
        /// <summary>shim</summary>
        public static ResidualPolicy MinimumCut { get; } = new Policy("cut");
    }
}
namespace Functional.Differentiation
{
    internal static class ResidualShim
    {
        internal static Linearized Linearize(this Program program, Seq<bool> moving, ResidualPolicy policy)
        {
            if (policy != ResidualPolicy.Nothing) return program.Linearize(moving);
            var s = program.Linearize(moving);
            var n = program.Arguments.Count;
            var tangents = s.Linear.Arguments.Count - s.Residuals.Count;
            var types = s.Linear.Arguments.Map(a => a.Type).Take(tangents).Concat(program.Arguments.Map(a => a.Type)).ToSeq().Strict();
            var linear = Trace.Of("x", types, inputs => s.Linear.Evaluate([.. inputs.Take(tangents), .. s.Primal.Evaluate([.. inputs.Skip(tangents)]).Skip(s.Outputs)]));
            return new Linearized(s.Primal with { Outputs = s.Primal.Outputs.Take(s.Outputs).Concat(s.Primal.Inputs.Take(n).Map(i => (Atom)i)).ToSeq().Strict() }, linear, s.Outputs) { Moves = s.Moves };
        }
    }
}
