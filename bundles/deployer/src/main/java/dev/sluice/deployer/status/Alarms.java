package dev.sluice.deployer.status;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alarms of one kind, all of which are known each time: those that are not among them any more are taken back. */
public final class Alarms {

    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final Board board;
    private final String kind;
    private Set<String> standing = Set.of();

    /** @param kind what the keys of these alarms begin with, and of no others */
    public Alarms(Board board, String kind) {
        this.board = board;
        this.kind = kind;
    }

    /** From now on these stand, and no others. What is new is logged, once. */
    public synchronized void replace(Set<String> sentences) {
        Set<String> over = new HashSet<>(standing);
        over.removeAll(sentences);
        over.forEach(sentence -> board.calm(kind + sentence));
        sentences.stream().filter(sentence -> !standing.contains(sentence)).forEach(sentence -> {
            LOG.error("{}", sentence);
            board.alarm(kind + sentence, sentence);
        });
        standing = Set.copyOf(sentences);
    }
}
