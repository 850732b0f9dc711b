/** What people pay with, on pages: chosen for a trade, added, or waiting. Data in, HTML out. */
export {
  AddMeans,
  type AddMeansProps,
  CodeField,
  MeansFields,
  WaitingMeans,
  type WaitingView,
} from "./adding.tsx";
export {
  isEnough,
  MethodChoice,
  type MethodView,
  OtherMeans,
  Short,
  ShortElsewhere,
} from "./choosing.tsx";
