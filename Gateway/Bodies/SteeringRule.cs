namespace Gateway.Bodies;

/// <summary>When a member is refused because it steers the upstream.</summary>
internal enum SteeringRule : byte
{
    /// <summary>Never.</summary>
    None,

    /// <summary>Whatever its value is.</summary>
    Always,

    /// <summary>Unless it is a text: then it is one of the client's own labels, which nothing obeys.</summary>
    UnlessText,
}
