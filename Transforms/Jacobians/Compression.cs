namespace Functional.Jacobians;

/// <summary>The entries of a pattern from one product for each colour: a batch of passes, and a gather of what each place of it tells.</summary>
internal static class Compression
{
    /// <summary>The entries in a way that colours, in the order of the pattern.</summary>
    internal static Tensor Values(Passes passes, Way way)
    {
        var (colouring, pattern) = way.Colouring.Case is Colouring colours && way.Pattern.Case is Sparsity its
            ? (colours, its)
            : throw new InvalidOperationException($"{way.Name} has no colours");
        return way.Substitution.Case is Substitution substitution && colouring.Count > 0
            ? substitution.Values(Flat(passes.Push(Passes.Seeds(passes.Inputs, colouring.Columns.ToArray(), colouring.ColumnColours), colouring.ColumnColours)))
            : Values(passes, pattern, colouring);
    }

    /// <summary>The entries, where each stands among the products.</summary>
    internal static Tensor Values(Passes passes, Sparsity pattern, Colouring colouring)
    {
        var products = new List<Tensor>();
        if (colouring.ColumnColours > 0)
            products.Add(Flat(passes.Push(Passes.Seeds(passes.Inputs, colouring.Columns.ToArray(), colouring.ColumnColours), colouring.ColumnColours)));
        if (colouring.RowColours > 0)
            products.Add(Flat(passes.Pull(Passes.Seeds(passes.Outputs, colouring.Rows.ToArray(), colouring.RowColours), colouring.RowColours)));
        if (products.Count == 0) return TensorMath.Zeros([0], passes.DType);
        var places = Functional.Values.Of(Places(pattern, colouring), [(int)pattern.Count]);
        return TensorMath.Take(products.Count == 1 ? products[0] : TensorMath.Concatenate(products), places);
    }

    /// <summary>
    /// Where each entry stands among the products: that of column colour c is the rows from c·rows on, those of row colours come
    /// after, columns from r·columns on. An entry alone in its row in its column's colour is told there; else it is alone in its
    /// column in its row's colour, and of a star colouring it is the mirror image that is alone.
    /// </summary>
    internal static int[] Places(Sparsity pattern, Colouring colouring)
    {
        var places = new int[pattern.Count];
        var columns = colouring.Columns;
        var rows = colouring.Rows;
        var pulled = colouring.ColumnColours * pattern.Rows;
        var count = new int[colouring.ColumnColours];
        var entry = 0;
        for (var row = 0; row < pattern.Rows; row++)
        {
            var its = pattern[row];
            if (!columns.IsEmpty)
                foreach (var column in its) if (columns[column] >= 0) count[columns[column]]++;
            foreach (var column in its)
            {
                var colour = columns.IsEmpty ? -1 : columns[column];
                places[entry++] = colour >= 0 && count[colour] == 1 ? (colour * pattern.Rows) + row
                    : colouring.Kind == ColouringKind.Star ? (columns[row] * pattern.Rows) + column
                    : pulled + (rows[row] * pattern.Columns) + column;
            }
            if (!columns.IsEmpty)
                foreach (var column in its) if (columns[column] >= 0) count[columns[column]] = 0;
        }
        return places;
    }

    private static Tensor Flat(Tensor product) => TensorMath.Reshape(product, product.Size);
}
