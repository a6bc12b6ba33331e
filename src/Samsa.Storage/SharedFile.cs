namespace Samsa.Storage;

/// <summary>An open file with several users; the last to let go closes it. Its opener is the first user.</summary>
internal sealed class SharedFile(IStorageFile file)
{
    private int _users = 1;

    public IStorageFile File => file;

    /// <summary>Joins the users; false when the file has been closed meanwhile.</summary>
    public bool TryAcquire()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            file.Dispose();
        }
    }
}
