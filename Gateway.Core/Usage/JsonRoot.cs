namespace Gateway.Core.Usage;

/// <summary>What the root of a JSON text is.</summary>
internal enum JsonRoot : byte
{
    None,
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}
