using System.ComponentModel.DataAnnotations;

namespace Gateway.Admin.Requests;

/// <summary>What a record's own rules find: one member and the code of the rule that it breaks.</summary>
/// <param name="member">The member's name in JSON.</param>
/// <param name="code">The rule, such as <c>one_scope</c>.</param>
/// <param name="message">The rule in words, as the end of a sentence that begins with the member's name.</param>
internal sealed class MemberFault(string member, string code, string message) : ValidationResult(message, [member])
{
    public string Member => member;

    public string Code => code;

    public string Message => ErrorMessage!;
}
