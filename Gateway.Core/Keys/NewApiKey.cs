namespace Gateway.Core.Keys;

/// <summary>A key at its birth.</summary>
/// <param name="Text">The whole key; only for its owner.</param>
/// <param name="PublicId">The unique, loggable part.</param>
/// <param name="SecretHash">What is stored of the secret.</param>
/// <param name="Preview">First five and last five characters, by which people recognise the key.</param>
public sealed record NewApiKey(string Text, string PublicId, string SecretHash, string Preview)
{
    /// <summary>The public id alone, so that a key printed by mistake gives nothing away.</summary>
    public override string ToString() => PublicId;
}
