using System.ComponentModel.DataAnnotations;

namespace Gateway.Admin.Requests;

/// <summary>A rule on a member that names itself in the answer.</summary>
/// <param name="code">The rule for programs, such as <c>integer</c>.</param>
/// <param name="text">The rule in words, as the end of a sentence that begins with the member's name.</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class RuleAttribute(string code, string text) : ValidationAttribute(text)
{
    public string Code => code;

    public string Text => ErrorMessageString;

    public override string FormatErrorMessage(string name) => Text;
}
