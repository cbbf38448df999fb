package dev.sluice.benchmark.load;

/**
 * What a load has seen. Times in microseconds, from the moment a request is sent to the end of its answer, on a connection
 * that sends the next one then: what waits because the server is slow isn't in them.
 *
 * @param requests how many were answered as they should be
 * @param seconds how long it took
 * @param failed how many were not answered, or not with 200
 * @param p50 the median of those that were
 * @param p90 nine of ten took no longer
 * @param p99 99 of a hundred
 * @param p999 999 of a thousand
 * @param max the longest of all
 */
public record Outcome(
        long requests, double seconds, long failed, double p50, double p90, double p99, double p999, double max) {

    /** {@return how many were answered in a second} */
    public double throughput() {
        return requests / seconds;
    }
}
