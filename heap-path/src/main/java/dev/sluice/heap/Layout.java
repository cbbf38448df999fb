package dev.sluice.heap;

import java.util.ArrayList;
import java.util.List;
import shark.HeapObject.HeapClass;
import shark.HprofRecord.HeapDumpRecord.ObjectRecord.ClassDumpRecord.FieldRecord;
import shark.PrimitiveType;

/**
 * Where in an instance's bytes its references are: its own class first, then each superclass.
 *
 * @param names the fields' names
 * @param offsets where each starts
 */
record Layout(String[] names, int[] offsets) {

    private static final String REFERENCE = "java.lang.ref.Reference";
    private static final int OBJECT = PrimitiveType.REFERENCE_HPROF_TYPE;

    /**
     * {@return the layout of a class}
     *
     * @param type the class
     * @param idBytes how many bytes a reference has
     * @param weak whether what {@link java.lang.ref.Reference} refers to counts
     */
    static Layout of(HeapClass type, int idBytes, boolean weak) {
        List<String> names = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        int offset = 0;
        for (HeapClass each = type; each != null; each = each.getSuperclass()) {
            boolean isReference = each.getName().equals(REFERENCE);
            for (FieldRecord field : each.readRecordFields()) {
                if (field.getType() == OBJECT) {
                    String name = each.instanceFieldName(field);
                    if (!isReference || counts(name, weak)) {
                        names.add(name);
                        offsets.add(offset);
                    }
                    offset += idBytes;
                } else {
                    offset += PrimitiveType.Companion.getByteSizeByHprofType().get(field.getType());
                }
            }
        }
        return new Layout(
                names.toArray(String[]::new),
                offsets.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The collector's own list of references holds nothing. */
    private static boolean counts(String name, boolean weak) {
        return !name.equals("discovered") && (weak || !name.equals("referent"));
    }
}
