namespace Gateway.Sandbox.Schemas;

/// <summary>Numbers within the limits of a schema.</summary>
internal static class NumberSample
{
    /// <summary>A small number within the limits; another one for each index, as far as they go.</summary>
    public static decimal Of(SchemaNode node, int index, bool isWhole)
    {
        var step = StepOf(node, isWhole);
        var (minimum, maximum) = (node.Number("minimum"), node.Number("maximum"));
        var (above, below) = (node.Number("exclusiveMinimum"), node.Number("exclusiveMaximum"));
        var lowest = Larger(Ceiling(minimum, step), Floor(above, step) + step);
        var highest = Smaller(Floor(maximum, step), Ceiling(below, step) - step);
        if (lowest > highest)
        {
            return ((minimum ?? above ?? 0) + (maximum ?? below ?? 0)) / 2; // no multiple fits between them
        }
        var fits = (lowest is null || step >= lowest) && (highest is null || step <= highest);
        var first = fits ? step : lowest ?? highest!.Value;
        var wanted = first + (step * index);
        return wanted > highest ? first : wanted;
    }

    private static decimal StepOf(SchemaNode node, bool isWhole)
    {
        var step =
            node.Number("multipleOf") is { } multiple and > 0 ? multiple
            : isWhole ? 1
            : 0.5m;
        return isWhole ? Math.Max(decimal.Ceiling(step), 1) : step;
    }

    private static decimal? Larger(decimal? a, decimal? b) => a is null || b > a ? b ?? a : a;

    private static decimal? Smaller(decimal? a, decimal? b) => a is null || b < a ? b ?? a : a;

    private static decimal? Ceiling(decimal? value, decimal step) => value is { } number ? decimal.Ceiling(number / step) * step : null;

    private static decimal? Floor(decimal? value, decimal step) => value is { } number ? decimal.Floor(number / step) * step : null;
}
