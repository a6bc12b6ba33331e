using System.Text;

namespace Samsa.Protocol.Generator.Emission;

/// <summary>Text with indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Begins a block, below its head if it has one.</summary>
    public void Open(string head)
    {
        if (head.Length > 0)
        {
            Line(head);
        }

        Line("{");
        _depth++;
    }

    public void Close(string tail = "")
    {
        _depth--;
        Line("}" + tail);
    }

    /// <summary>Begins an <c>if</c> where there is a condition, and nothing where there is none.</summary>
    public void OpenIf(string? condition)
    {
        if (condition is not null)
        {
            Open($"if ({condition})");
        }
    }

    /// <summary>Ends what <see cref="OpenIf"/> began.</summary>
    public void CloseIf(string? condition)
    {
        if (condition is not null)
        {
            Close();
        }
    }

    /// <summary>A documentation summary; the text is escaped.</summary>
    public void Summary(string text) => Line($"/// <summary>{Escape(text)}</summary>");

    /// <summary>The text as XML.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    public override string ToString() => _text.ToString();
}
