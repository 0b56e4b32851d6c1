using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Upstreams;

/// <summary>What is to be of an upstream.</summary>
[Example("""{"priority":1,"weight":3,"headers":{"OpenAI-Organization":"org-1"}}""")]
internal record UpstreamUpdate
{
    [StringLength(2_000, MinimumLength = 1)]
    [UpstreamAddress]
    [Description("One address, or several of the same thing, separated by commas; with or without its version.")]
    public Optional<string> BaseUrl { get; init; }

    [StringLength(4_096)]
    [UpstreamKey]
    [Description("Stored encrypted and never shown again. Null takes it away.")]
    public Optional<string?> ApiKey { get; init; }

    [StringLength(64)]
    [Description("Yandex: the folder that models belong to.")]
    public Optional<string?> FolderId { get; init; }

    [StringLength(64)]
    [Description("LiteLLM's name of the provider, by which prices and bounds are found; null: that of the kind.")]
    public Optional<string?> Provider { get; init; }

    [Whole(1, 1_000)]
    [Description("Its share of calls among those of the same priority.")]
    public Optional<long> Weight { get; init; }

    [Whole(0, 1_000)]
    [Description("The lowest goes first.")]
    public Optional<long> Priority { get; init; }

    [Description("False: no call goes there.")]
    public Optional<bool> IsEnabled { get; init; }

    [Description("Whether the models that it lists come into the catalogue by themselves.")]
    public Optional<bool> SyncModels { get; init; }

    [UpstreamHeaders]
    [Description("Headers that calls carry, by name. Shown to admins: no place for a secret.")]
    public Optional<JsonObject> Headers { get; init; }

    [UpstreamModels]
    [Description("Names of models there, by their names or ids here; null: the same name. Replaces what an admin said before.")]
    public Optional<JsonObject> Models { get; init; }
}
