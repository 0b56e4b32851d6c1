using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>A model to be made.</summary>
[RequiresMembers(nameof(CompanyId), nameof(Name))]
[Example("""{"company_id":"{company_id}","name":"example-model","description":"Made by hand","mode":"chat"}""")]
internal sealed record NewModel : ModelUpdate;
