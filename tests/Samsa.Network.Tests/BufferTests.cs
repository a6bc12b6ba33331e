namespace Samsa.Network.Tests;

public sealed class BufferTests
{
    [Theory]
    [InlineData(0, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 512)]
    [InlineData(4096, 4096)]
    [InlineData((1 << 20) + 1, (1 << 20) + (64 << 10))]
    [InlineData((1 << 20) + (64 << 10) + 1, 2 << 20)]
    [InlineData(4 << 20, 4 << 20)]
    public void A_buffer_is_of_the_least_class_that_fits(int asked, int got) =>
        Assert.Equal(got, new BufferPool(1 << 20).Rent(asked).Length);

    [Fact]
    public void A_buffer_returned_is_the_next_one_rented()
    {
        var pool = new BufferPool(1 << 20);
        var first = pool.Rent(5000);
        pool.Return(first);
        Assert.Same(first, pool.Rent(8000));
        Assert.Equal(1, pool.Outstanding);
    }

    [Fact]
    public void What_is_kept_is_bounded_and_shrinks_when_nobody_needs_it()
    {
        var pool = new BufferPool(1 << 20);
        var rented = Enumerable.Range(0, 40).Select(_ => pool.Rent(64 << 10)).ToList();
        rented.ForEach(pool.Return);
        Assert.Equal(1 << 20, pool.RetainedBytes);
        pool.Trim();
        for (var i = 0; i < 6; i++)
        {
            pool.Trim();
        }

        Assert.Equal(0, pool.RetainedBytes);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Very_large_buffers_come_and_go_too()
    {
        var pool = new BufferPool(1 << 20);
        var buffer = pool.Rent(20 << 20);
        Assert.True(buffer.Length >= 20 << 20);
        pool.Return(buffer);
        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(0, pool.RetainedBytes);
    }

    [Fact]
    public void A_frame_lives_as_long_as_its_last_holder_and_fails_afterwards()
    {
        var pool = new BufferPool(1 << 20);
        var frame = RequestFrame.CopyOf([1, 2, 3], pool);
        frame.Retain();
        frame.Release();
        Assert.Equal([1, 2, 3], frame.Memory.ToArray());
        frame.Release();
        Assert.Equal(0, pool.Outstanding);
        Assert.Throws<ObjectDisposedException>(() => frame.Memory);
    }

    [Fact]
    public void A_response_carries_its_size_also_when_shortened()
    {
        var response = ResponseFrame.Rent(10, new BufferPool(0));
        Assert.Equal([0, 0, 0, 10], response.Wire.Span[..4].ToArray());
        response.ShortenTo(3);
        Assert.Equal([0, 0, 0, 3], response.Wire.Span[..4].ToArray());
        Assert.Equal(3, response.Body.Length);
        Assert.Equal(7, response.Length);
        response.Release();
    }

    [Fact]
    public void The_budget_serves_those_who_wait_in_turn()
    {
        var budget = new RequestMemoryBudget(100);
        var woken = new List<int>();
        var waiters = Enumerable.Range(0, 4).Select(i => new BudgetWaiter(() => woken.Add(i))).ToArray();
        Assert.True(budget.TryReserve(90, waiters[0]));
        Assert.True(budget.TryReserve(500, waiters[0])); // The last one may exceed it.
        Assert.False(budget.TryReserve(60, waiters[1]));
        Assert.False(budget.TryReserve(60, waiters[2]));
        Assert.False(budget.TryReserve(10, waiters[3]));
        budget.Release(90);
        Assert.Empty(woken);
        budget.Abandon(waiters[2]);
        budget.Release(500);
        Assert.Equal([1, 3], woken);
        Assert.True(budget.IsGranted(waiters[3]));
        budget.Abandon(waiters[3]);
        budget.Release(60);
        Assert.Equal(0, budget.Used);
    }
}
