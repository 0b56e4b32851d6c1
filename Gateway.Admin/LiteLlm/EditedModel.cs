using Gateway.Admin.Catalogue;

namespace Gateway.Admin.LiteLlm;

/// <summary>What came of an edit by the admin page.</summary>
internal sealed record EditedModel(bool Success, string Message, ModelResponse? Data, bool LitellmSynced, IReadOnlyList<string> Warnings);
