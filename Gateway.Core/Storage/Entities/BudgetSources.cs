namespace Gateway.Core.Storage.Entities;

/// <summary>Who decided a budget.</summary>
public static class BudgetSources
{
    /// <summary>An admin.</summary>
    public const string Admin = "admin";

    /// <summary>The user, or the owner of the key.</summary>
    public const string User = "user";

    /// <summary>It was read from LiteLLM.</summary>
    public const string LiteLlm = "litellm";
}
