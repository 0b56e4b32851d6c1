using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Chats;

/// <summary>One list of a profile.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Label">How the system prompt names it.</param>
/// <param name="Most">The most items.</param>
/// <param name="Get">Its items in a row.</param>
/// <param name="Set">Puts others in their place.</param>
public sealed record ProfileList(
    string Name,
    string Label,
    int Most,
    Func<UserProfile, List<string>> Get,
    Action<UserProfile, List<string>> Set
);
