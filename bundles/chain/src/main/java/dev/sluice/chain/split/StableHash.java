package dev.sluice.chain.split;

/**
 * A hash of texts that is the same in every process, on every machine and in every release: which version a client gets
 * hangs on it. FNV-1a over the characters' bytes, stirred, as FNV alone changes too little for texts that differ at their end.
 */
final class StableHash {

    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private StableHash() {}

    static long of(String text) {
        long hash = FNV_START;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            hash = (hash ^ c & 0xff) * FNV_PRIME;
            hash = (hash ^ c >>> 8) * FNV_PRIME;
        }
        return stir(hash);
    }

    /** {@return a hash of both; in another order it is another one} */
    static long of(long first, long second) {
        return stir(stir(first + GOLDEN) ^ second);
    }

    /** The finaliser of SplitMix64 (Stafford's variant 13): each bit of the result hangs on each of the argument. */
    private static long stir(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
