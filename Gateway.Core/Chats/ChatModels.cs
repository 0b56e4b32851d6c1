using Gateway.Core.Policy;

namespace Gateway.Core.Chats;

/// <summary>Which model a chat means by a name, and which it gets when it names none.</summary>
public static class ChatModels
{
    /// <summary>The mode of models that chat.</summary>
    public const string Mode = "chat";

    /// <summary>
    /// The model of a name: the upstream's name, ours, an alias or the id; else the only model whose name ends so behind its last slash.
    /// </summary>
    public static PolicyModel? Find(PolicySnapshot policy, string name)
    {
        if (policy.FindModel(name) is { } exact)
        {
            return exact;
        }
        PolicyModel? found = null;
        foreach (var model in policy.Models)
        {
            if (!IsTail(model.Name, name))
            {
                continue;
            }
            if (found is not null)
            {
                return null; // two could be meant
            }
            found = model;
        }
        return found;
    }

    /// <summary>
    /// The model of chats that name none: what an admin set, else the first that is enabled, by name; null where no model is enabled.
    /// </summary>
    public static PolicyModel? Default(PolicySnapshot policy, string setting)
    {
        if (setting.Length > 0 && Find(policy, setting) is { IsEnabled: true } chosen)
        {
            return chosen;
        }
        foreach (var model in policy.Models)
        {
            if (model is { IsEnabled: true, Mode: Mode })
            {
                return model;
            }
        }
        return null;
    }

    private static bool IsTail(string whole, string tail) =>
        whole.Length > tail.Length && whole[^(tail.Length + 1)] == '/' && whole.EndsWith(tail, StringComparison.Ordinal);
}
