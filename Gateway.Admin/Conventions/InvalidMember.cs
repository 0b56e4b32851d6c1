namespace Gateway.Admin.Conventions;

/// <summary>One member or parameter of a request that cannot be accepted.</summary>
/// <param name="Field">Its name as the client wrote it.</param>
/// <param name="Code">The rule that it breaks, such as <c>min_length</c>.</param>
/// <param name="Message">The rule in words.</param>
internal sealed record InvalidMember(string Field, string Code, string Message);
