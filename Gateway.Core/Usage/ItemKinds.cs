namespace Gateway.Core.Usage;

/// <summary>The kinds of pieces, and the names by which the ledger shows them.</summary>
public static class ItemKinds
{
    private static readonly string[] Names =
    [
        "web_searches",
        "images_made",
        "images_in",
        "search_units",
        "pages",
        "input_characters",
        "output_characters",
        "input_milliseconds",
        "output_milliseconds",
        "input_pixels",
        "output_pixels",
    ];

    /// <summary>All kinds, in their order.</summary>
    public static IReadOnlyList<ItemKind> All { get; } = Enum.GetValues<ItemKind>();

    /// <summary>The name of a kind in the ledger.</summary>
    public static string NameOf(ItemKind kind) => Names[(int)kind];
}
