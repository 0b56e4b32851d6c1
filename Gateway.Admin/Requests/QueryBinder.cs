using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>Puts the parameters of a query into a record; the reader collects every mistake.</summary>
internal static class QueryBinder
{
    public static object Bind(WireType type, QueryReader reader)
    {
        var record = type.Create();
        switch (record)
        {
            case NumberedPageQuery numbered:
                (numbered.Page, numbered.Number) = reader.NumberedPage(numbered.DefaultSize);
                break;
            case PageQuery paged:
                paged.Page = reader.Page(paged.DefaultSize, wholeByDefault: paged is WholeListQuery);
                break;
        }
        foreach (var member in type.Members)
        {
            if (Read(member, reader) is { } value)
            {
                member.Set(record, value);
            }
            else if (member.IsRequired)
            {
                reader.RefuseMissing(member.Name);
            }
        }
        return record;
    }

    private static object? Read(WireMember member, QueryReader reader) =>
        member.Type == typeof(bool) ? reader.Flag(member.Name)
        : member.Type == typeof(DateOnly) ? reader.Date(member.Name)
        : member.Type == typeof(DateTime) ? (member.IsEnd ? reader.Until(member.Name) : reader.From(member.Name))
        : member.Rules.OfType<OneOfAttribute>().FirstOrDefault() is { } oneOf ? reader.OneOf(member.Name, oneOf.Words)
        : reader.Text(member.Name);
}
