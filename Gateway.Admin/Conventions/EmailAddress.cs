namespace Gateway.Admin.Conventions;

/// <summary>
/// The form of an email address, as browsers check it: one <c>@</c>, a local part of at most 64 characters, a domain of labels.
/// </summary>
internal static class EmailAddress
{
    public static bool IsValid(ReadOnlySpan<char> address)
    {
        var at = address.IndexOf('@');
        return at is > 0 and <= 64 && address.IndexOfAnyInRange('\0', ' ') < 0 && IsDomain(address[(at + 1)..]);
    }

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }
            foreach (var c in label)
            {
                if (!char.IsLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }
        return true;
    }
}
