namespace Gateway.Admin.Requests;

/// <summary>A record that is a member of another one.</summary>
internal interface IWireObject;
