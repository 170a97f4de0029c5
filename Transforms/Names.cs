using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Naming", "CA1715:Identifiers should have correct prefix", Justification = "P is a structure of parameters and R one of results wherever we write of transforms; T is a number's type.")]
