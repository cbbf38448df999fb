package dev.sluice.itests.model;

import java.util.List;

/** An operator's override of one middleware. */
enum Setting {
    NONE(),
    FIRST("ranking=1000"),
    LAST("ranking=-1000"),
    ELSEWHERE("paths=/app/only/*"),
    FAIL_OPEN("on.failure=open"),
    FAIL_CLOSED("on.failure=closed"),
    DISABLED("enabled=false");

    private final List<String> lines;

    Setting(String... lines) {
        this.lines = List.of(lines);
    }

    List<String> lines() {
        return lines;
    }

    int ranking(int own) {
        return this == FIRST ? 1000 : this == LAST ? -1000 : own;
    }

    String path(String own) {
        return this == ELSEWHERE ? "/app/only/*" : own;
    }

    boolean open(boolean own) {
        return this == FAIL_OPEN || this != FAIL_CLOSED && own;
    }
}
