using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Functional.Programs;

namespace Functional.Structures;

/// <summary>A part of a record or tuple: the property or field that holds it.</summary>
/// <param name="Name">What stands after the dot.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Slot">The property or field.</param>
internal sealed record Member(string Name, Type Type, MemberInfo Slot)
{
    internal Node Node => Node.Of(Type);
}

/// <summary>How a record or tuple is made: the members that a constructor takes, in its order, and those set after it.</summary>
internal sealed record Making(ConstructorInfo? Constructor, Seq<Member> Taken, Seq<Member> Set)
{
    internal Seq<Member> Members => Taken.Then(Set);
}

/// <summary>A record or tuple: its members in the order in which it is made. Compiled to straight-line code at first use.</summary>
internal sealed class Fields(Type type, Making making) : Node(type)
{
    private Action<object, Writer>? write;
    private Func<Reader, object>? read;

    internal Seq<Member> Members => making.Members;

    internal override void Write(object value, Writer writer) => (write ??= CompileWrite(interpret: false))(value, writer);

    internal override object? Read(Reader reader) => (read ??= CompileRead(interpret: false))(reader);

    internal override void Describe(Description description, string path)
    {
        foreach (var member in Members)
            if (member is { Name: "Rest", Node: Fields rest } && Grammar.IsTuple(Type)) rest.DescribeRest(description, path, 7);
            else description.Visit(member.Node, $"{path}.{member.Name}");
    }

    // Where the runtime makes no code, Compile interprets by itself; a test asks for it everywhere.
    internal Action<object, Writer> CompileWrite(bool interpret)
    {
        var (value, writer, self) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(Writer)), Expression.Variable(Type));
        Expression[] steps =
        [
            Expression.Assign(self, Expression.Convert(value, Type)),
            .. Members.Map(member => Write(member, Expression.MakeMemberAccess(self, member.Slot), writer)),
        ];
        return Expression.Lambda<Action<object, Writer>>(Expression.Block([self], steps), value, writer).Compile(interpret);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Grammar.Kept)]
    internal Func<Reader, object> CompileRead(bool interpret)
    {
        var reader = Expression.Parameter(typeof(Reader));
        var made = making.Constructor is null
            ? Expression.New(Type)
            : Expression.New(making.Constructor, making.Taken.Map(member => Read(member, reader)));
        Expression whole = making.Set.IsEmpty
            ? made
            : Expression.MemberInit(made, making.Set.Map(MemberBinding (member) => Expression.Bind(member.Slot, Read(member, reader))));
        return Expression.Lambda<Func<Reader, object>>(Expression.Convert(whole, typeof(object)), reader).Compile(interpret);
    }

    private static MethodCallExpression Write(Member member, Expression value, Expression writer) => member.Node switch
    {
        Leaf => Expression.Call(writer, Methods.WriteLeaf, value),
        { HasPlace: false } => Expression.Call(writer, Methods.WriteMark, Expression.Convert(value, typeof(object))),
        var node => Expression.Call(Expression.Constant(node, typeof(Node)), Methods.WriteAny, Expression.Convert(value, typeof(object)), writer),
    };

    private static Expression Read(Member member, Expression reader) => member.Node switch
    {
        Leaf => Expression.Call(reader, Methods.ReadLeaf),
        { HasPlace: false } => Expression.Convert(Expression.Call(reader, Methods.ReadMark), member.Type),
        var node => Expression.Convert(Expression.Call(Expression.Constant(node, typeof(Node)), Methods.ReadAny, reader), member.Type),
    };

    // The eighth element of a tuple is the first of its Rest.
    private void DescribeRest(Description description, string path, int offset)
    {
        if (description.Reader.Enter(this) is null) return;
        foreach (var (member, i) in Members.Map((i, member) => (member, i)))
            if (member is { Name: "Rest", Node: Fields rest }) rest.DescribeRest(description, path, offset + 7);
            else description.Visit(member.Node, $"{path}.Item{offset + i + 1}");
    }

    private static class Methods
    {
        internal static readonly MethodInfo WriteLeaf = ((Action<Tensor?>)new Writer(null).Leaf).Method;
        internal static readonly MethodInfo WriteMark = ((Action<object?>)new Writer(null).Mark).Method;
        internal static readonly MethodInfo WriteAny = ((Action<object?, Writer>)Of(typeof(Tensor)).WriteAny).Method.GetBaseDefinition();
        internal static readonly MethodInfo ReadLeaf = ((Func<Tensor?>)new Reader(Layout.OfTensor, []).Leaf).Method;
        internal static readonly MethodInfo ReadMark = ((Func<object?>)new Reader(Layout.OfTensor, []).Mark).Method;
        internal static readonly MethodInfo ReadAny = ((Func<Reader, object?>)Of(typeof(Tensor)).ReadAny).Method.GetBaseDefinition();
    }
}
