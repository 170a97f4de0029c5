using System.Globalization;
using System.Text;

namespace Functional;

public abstract partial class Tensor
{
    /// <summary>The elements in nested brackets, columns aligned, long axes elided; a tracer prints its name and type.</summary>
    public override string ToString() => this is Dense value ? TensorText.Print(value) : Type.ToString();
}

/// <summary>Values as text, in the manner of NumPy.</summary>
internal static class TensorText
{
    /// <summary>A tensor with more elements is elided to its edges.</summary>
    private const int Whole = 1000;

    /// <summary>Entries kept at each end of an elided axis.</summary>
    private const int Edge = 3;

    internal static string Print(Dense value)
    {
        if (value.IsGone) return $"{value.Type} (donated)";
        if (value.Rank == 0) return Element(value.Storage.GetValue(0)!);
        if (value.Size == 0) return $"[]: {value.Type}";
        var elide = value.Size > Whole;
        var shown = Shown(value.Shape, elide).ToArray();
        var elements = System.Array.ConvertAll(shown, at => value.Storage.GetValue(at)!);
        var texts = shown.Zip(Column(elements)).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var width = texts.Values.Max(text => text.Length);
        var lines = new StringBuilder();
        Write(lines, value.Shape, 0, 0, elide, at => texts[at].PadLeft(width));
        return lines.ToString();
    }

    /// <summary>One element in full precision: the shortest text that reads back as the same number.</summary>
    internal static string Element(object element) => element switch
    {
        bool truth => truth ? "true" : "false",
        double number => Float(number.ToString("R", CultureInfo.InvariantCulture)),
        float number => Float(number.ToString("R", CultureInfo.InvariantCulture)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, "not an element"),
    };

    // Elements as they stand under each other, eight digits of each; where one needs an exponent, all have one.
    private static string[] Column(object[] elements)
    {
        if (elements[0] is not (double or float)) return System.Array.ConvertAll(elements, Element);
        var numbers = System.Array.ConvertAll(elements, Number);
        var texts = System.Array.ConvertAll(numbers, number => Float(number.ToString("G8", CultureInfo.InvariantCulture)));
        if (texts.Any(text => text.Contains('e', StringComparison.Ordinal))) return Scientific(numbers);
        var fraction = texts.Max(Fraction);
        return System.Array.ConvertAll(texts, text => text.Contains('.', StringComparison.Ordinal) ? text + new string(' ', fraction - Fraction(text)) : text);
    }

    // A binary32 number as its shortest text reads: 0.3, not 0.30000001.
    private static double Number(object element) =>
        element is float number ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : (double)element;

    private static string[] Scientific(double[] numbers)
    {
        var shortest = numbers.Where(double.IsFinite).Select(number => number.ToString("0.0######e+00", CultureInfo.InvariantCulture)).ToArray();
        var fraction = shortest.Max(text => text.IndexOf('e', StringComparison.Ordinal) - text.IndexOf('.', StringComparison.Ordinal) - 1);
        var exponent = shortest.Max(text => text.Length - text.IndexOf('e', StringComparison.Ordinal) - 2);
        var format = $"0.{new string('0', fraction)}e+{new string('0', exponent)}";
        return System.Array.ConvertAll(numbers, number => double.IsFinite(number)
            ? number.ToString(format, CultureInfo.InvariantCulture)
            : Element(number));
    }

    private static string Float(string text) => text switch
    {
        "NaN" => "nan",
        "Infinity" or "∞" => "inf",
        "-Infinity" or "-∞" => "-inf",
        _ when text.AsSpan().IndexOfAny('.', 'E') >= 0 => text.Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e'),
        _ => text + ".0",
    };

    // Points stand under points: shorter fractions are filled with blanks on the right.
    private static int Fraction(string text) =>
        text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;

    private static IEnumerable<int> Shown(Shape shape, bool elide)
    {
        IEnumerable<int> places = [0];
        foreach (var (extent, stride) in shape.Zip(shape.Strides()))
            places = places.SelectMany(place => Kept(extent, elide).Where(i => i >= 0).Select(i => place + (i * stride)));
        return places;
    }

    // −1 stands for the dots.
    private static IEnumerable<int> Kept(int extent, bool elide) =>
        elide && extent > 2 * Edge
            ? [.. Enumerable.Range(0, Edge), -1, .. Enumerable.Range(extent - Edge, Edge)]
            : Enumerable.Range(0, extent);

    private static void Write(StringBuilder lines, Shape shape, int axis, int place, bool elide, Func<int, string> text)
    {
        if (axis == shape.Rank)
        {
            lines.Append(text(place));
            return;
        }
        var stride = shape.Strides()[axis];
        var last = axis == shape.Rank - 1;
        var separator = last ? ", " : "," + new string('\n', shape.Rank - axis - 1) + new string(' ', axis + 1);
        lines.Append('[');
        var first = true;
        foreach (var i in Kept(shape[axis], elide))
        {
            if (!first) lines.Append(separator);
            first = false;
            if (i < 0) lines.Append("...");
            else Write(lines, shape, axis + 1, place + (i * stride), elide, text);
        }
        lines.Append(']');
    }
}
